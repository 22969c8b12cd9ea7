//! The methods that all builders have which read page by page, written once.

/// Sets the members of a page's request that all builders of the SDK have.
macro_rules! set_members {
    ($request:expr, $members:expr) => {
        $request
            .table_name($members.table)
            .set_index_name($members.index)
            .set_filter_expression($members.expressions.filter)
            .set_projection_expression($members.expressions.projection)
            .set_expression_attribute_names($members.expressions.names)
            .set_expression_attribute_values($members.expressions.values)
            .set_consistent_read($members.consistent_read)
            .set_limit($members.limit)
            .set_select($members.select)
            .set_exclusive_start_key($members.start)
            .set_return_consumed_capacity($members.returned_capacity)
    };
}
pub(in crate::op) use set_members;

/// What the documentation of a builder says in its own words.
macro_rules! words {
    (Query, name) => {
        "query"
    };
    (Scan, name) => {
        "scan"
    };
    (Query, mistakes) => {
        "A key of the condition cannot be made, "
    };
    (Scan, mistakes) => {
        ""
    };
    (Query, filter) => {
        "It cannot ask for the key attributes of the table or index that is read, which the key condition selects."
    };
    (Scan, filter) => {
        "It may ask for key attributes."
    };
}
pub(in crate::op) use words;

/// The methods of `$Builder`, which has `filter`, `settings` and a function `prepare`.
macro_rules! page_methods {
    ($Builder:ident, $Request:ty) => {
        impl<E, I: Source, T: ReadShape<E>> $Builder<E, I, T> {
            /// Returns only items of which this is true; the others are read and paid for, and not returned.
            ///
            #[doc = concat!("It renders `FilterExpression`. ", words!($Builder, filter), " A second filter is joined by `AND`.")]
            ///
            /// In an item collection it is a condition of one member, and is asked of that member's items only: all
            /// others are returned, and so are items without entity type. It renders `entity_type <> Order OR ..`,
            /// which a table without entity type cannot be asked for: then `send` and its like are an error.
            pub fn filter<M: FilterOf<E>>(mut self, filter: Condition<M>) -> Self {
                self.filter = Condition::both(self.filter, Some(M::into_filter(filter)));
                self
            }

            /// Returns at most this many items.
            ///
            /// It counts items returned, not items read: those that are passed over or filtered out do not count. With 0
            /// nothing is asked for and nothing returned: no request is sent, a page has no items and the cursor that the
            /// call was given, if any. [`into_sdk`](Self::into_sdk) and [`explain`](Self::explain) have a `Limit` of 1
            /// then, the least that DynamoDB takes.
            pub fn limit(mut self, items: usize) -> Self {
                self.settings.limit = Some(items);
                self
            }

            /// Reads at most this many items with each request (DynamoDB's `Limit`), at least one.
            pub fn page_size(mut self, items: usize) -> Self {
                self.settings.page_size = Some(u32::try_from(items.max(1)).unwrap_or(u32::MAX));
                self
            }

            #[doc = concat!("Goes on after the last item that an earlier run of this ", words!($Builder, name), " returned.")]
            ///
            /// It takes a [`Cursor`](crate::Cursor), its text, or an `Option` of these: `None` reads from the start. A text that
            /// is no cursor is an error when the request is sent.
            pub fn start_after(mut self, cursor: impl IntoCursor) -> Self {
                self.settings.start_after = cursor.into_cursor();
                self
            }

            /// Reads what was written last, at twice the cost; otherwise writes of the last second may be
            /// missing.
            ///
            /// A global index cannot be read so.
            pub fn consistent_read(mut self) -> Self
            where
                I: ConsistentlyReadable,
            {
                self.settings.consistent_read = true;
                self
            }

            /// Reads at half the cost, though writes of the last second may be missing: for entities that are read consistently
            /// if nothing is said (`#[dynamap(consistent_read)]`).
            pub fn eventually_consistent_read(mut self) -> Self {
                self.settings.consistent_read = false;
                self
            }

            /// Returns items also if their time to live is over and DynamoDB has not deleted them yet.
            pub fn include_expired(mut self) -> Self {
                self.settings.include_expired = true;
                self
            }

            /// Whether [`items`](Self::items) asks for the next page while the caller works on this one: true
            /// unless told otherwise.
            ///
            /// It costs nothing for those who read to the end. Whoever stops early pays for one page more.
            pub fn read_ahead(mut self, read_ahead: bool) -> Self {
                self.settings.read_ahead = read_ahead;
                self
            }

            /// The SDK's builder with the request for the first page.
            ///
            /// # Errors
            #[doc = concat!(words!($Builder, mistakes), "DynamoDB would refuse the filter, or the cursor belongs to another request.")]
            pub fn into_sdk(self) -> Result<$Request> {
                Ok(self.prepare()?.first_request())
            }

            /// What would be sent for the first page, and what it costs. Nothing is sent.
            ///
            /// # Errors
            /// As [`into_sdk`](Self::into_sdk).
            pub fn explain(self) -> Result<Explanation> {
                let operators = self.filter.as_ref().map_or(0, Condition::operators);
                Ok(self.prepare()?.explain(operators))
            }

            /// Reads one page; with a [`limit`](Self::limit), as many pages as it takes to return that many
            /// items.
            ///
            /// # Errors
            #[doc = concat!(words!($Builder, mistakes), "DynamoDB would refuse the filter, the cursor belongs to another request, an item is not of the form that is read, or a request fails. [`results`](Self::results) and [`items`](Self::items) read past such an item, and [`Cursor::past`](crate::Cursor::past) goes on after it.")]
            pub fn send(self) -> Sending<Page<T::Output>>
            where
                T: HeldBy<E, I>,
            {
                let prepared = self.prepare();
                Box::pin(async move { prepared?.page().await })
            }

            /// Reads page after page, as a stream of items.
            pub fn items(self) -> Items<T::Output>
            where
                T: HeldBy<E, I>,
            {
                Items::new(self.prepare())
            }

            /// Reads all items, up to the [`limit`](Self::limit) if there is one.
            ///
            /// # Errors
            /// As [`send`](Self::send).
            pub fn try_collect(self) -> Sending<Vec<T::Output>>
            where
                T: HeldBy<E, I>,
            {
                let prepared = self.prepare();
                Box::pin(async move { prepared?.all().await })
            }

            /// Reads the only item that is selected; `None` if there is none.
            ///
            /// It reads two items at most, so that a second one is seen, whatever the [`limit`](Self::limit); more where items are
            /// passed over or filtered out.
            ///
            /// # Errors
            /// [`Error::MoreThanOne`](crate::Error::MoreThanOne) if there are several. Otherwise as [`send`](Self::send).
            pub fn one(mut self) -> Sending<Option<T::Output>>
            where
                T: HeldBy<E, I>,
            {
                // Also where the caller's limit is less: a second item is an error, and must be seen.
                self.settings.limit = Some(2);
                let prepared = self.prepare();
                Box::pin(async move { prepared?.one().await })
            }

            #[doc = concat!("Reads the first item of the ", words!($Builder, name), "; `None` if there is none.")]
            ///
            /// It reads one item; more where items are passed over or filtered out.
            ///
            /// # Errors
            /// As [`send`](Self::send).
            pub fn first(mut self) -> Sending<Option<T::Output>>
            where
                T: HeldBy<E, I>,
            {
                self.settings.limit = Some(self.settings.limit.map_or(1, |limit| limit.min(1)));
                let prepared = self.prepare();
                Box::pin(async move { Ok(prepared?.all().await?.pop()) })
            }
        }

        impl<E, I: Source, T: ReadShape<E>> $Builder<E, I, T> {
            /// Reads each item or why it cannot be read: an item that does not have the form of its entity is an
            /// `Err` in its place, with its [key](crate::error::DecodeError::item_key), and the items around it are read.
            ///
            /// In an item collection an item of no member is one, too. The [`limit`](Self::limit) counts them.
            pub fn results(self) -> $Builder<E, I, Results<T>> {
                self.read_as()
            }
        }

        impl<E: Entity, I: Source> $Builder<E, I> {
            /// Reads a projection instead of the whole entity; it asks DynamoDB for those attributes only.
            ///
            /// The cost is that of the whole items in the table or index.
            pub fn project<P: ReadableFrom<I, Entity = E>>(self) -> $Builder<E, I, Projected<P>> {
                self.read_as()
            }

            /// Reads the primary key of each entity, which every index holds.
            ///
            /// The cost is that of the whole items in the table or index; less travels.
            pub fn keys(self) -> $Builder<E, I, KeysOnly> {
                self.read_as()
            }
        }

        impl<E: Entity, I: Source, T: ReadShape<E>> $Builder<E, I, T> {
            /// The same request for keys, for a batch that reads the whole entities by them; whether it reads expired
            /// ones, and how many operators its filter has.
            pub(crate) fn into_keys(self) -> (Handle, bool, usize, Result<Box<dyn ReadKeys<E>>>) {
                let (handle, include_expired) = (self.handle.clone(), self.settings.include_expired);
                let operators = self.filter.as_ref().map_or(0, Condition::operators);
                let keys = self.read_as::<KeysOnly>().prepare();
                (handle, include_expired, operators, keys.map(|keys| Box::new(keys) as Box<dyn ReadKeys<E>>))
            }
        }

        impl<C: ItemCollection, I: Source> $Builder<C, I, Parts> {
            /// Reads all items, or as many as the [`limit`](Self::limit) allows, and puts the struct together of
            /// them.
            ///
            /// # Errors
            #[doc = concat!(words!($Builder, mistakes), "DynamoDB would refuse a filter, an item is not of the form of its entity or of none that the struct has, there is no item for a field that wants one or more for one that takes one, or a request fails.")]
            pub fn assemble(self) -> Sending<C>
            where
                C: Assemble + CollectionFrom<I>,
            {
                let prepared = self.prepare();
                Box::pin(async move { Ok(C::assemble(prepared?.all().await?)?) })
            }
        }
    };
}
pub(in crate::op) use page_methods;

//! The roles of an entity's fields in its keys. A role decides how an update may change the field.

use super::{
    entity::{Entity, IndexKeys},
    key_spec::{KeySpec, each_once},
};

/// The role of a field in the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A field of no key template.
    Plain,
    /// A component of the primary key.
    PartOfPrimaryKey,
    /// The only component of index keys, beside those of the primary key.
    PartOfIndexKey,
    /// A field of no key that sentinel items of unique constraints are made of.
    Unique,
    /// A field that dynamap writes.
    Stamp,
    /// A component of index keys, with the other fields of the group of this number.
    PartOfJointIndexKey(usize),
    /// A component of index keys, with a field that is stored in the key only.
    BesideKeyOnly,
}

/// The roles of all fields, and the groups of fields that are set together.
pub(crate) struct Roles {
    pub(crate) of_fields: Vec<Role>,
    /// Each in the order of the fields.
    pub(crate) groups: Vec<Vec<usize>>,
}

impl Entity {
    pub(crate) fn roles(&self) -> Roles {
        let primary = self.key_fields();
        // The group of each field: fields that share one are set together.
        let mut group_of: Vec<usize> = (0..self.fields.len()).collect();
        let mut in_index = vec![false; self.fields.len()];
        for index in &self.indexes {
            for needed in self.needed_together(index, &primary) {
                for &field in &needed {
                    in_index[field] = true;
                    let (from, to) = (group_of[field], group_of[needed[0]]);
                    group_of.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
                }
            }
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let of_fields = (0..self.fields.len()).map(|field| {
            if primary.contains(&field) {
                return Role::PartOfPrimaryKey;
            }
            let stamped = self.fields[field].stamp.is_some();
            if !in_index[field] {
                return match (stamped, self.is_in_sentinels(field)) {
                    (true, _) => Role::Stamp,
                    (false, true) => Role::Unique,
                    (false, false) => Role::Plain,
                };
            }
            let members: Vec<usize> =
                (0..self.fields.len()).filter(|other| group_of[*other] == group_of[field]).collect();
            if members.iter().any(|member| self.fields[*member].key_only.is_some()) {
                return Role::BesideKeyOnly;
            }
            if members.len() == 1 {
                return if stamped { Role::Stamp } else { Role::PartOfIndexKey };
            }
            let number = groups.iter().position(|group| *group == members).unwrap_or_else(|| {
                groups.push(members);
                groups.len() - 1
            });
            Role::PartOfJointIndexKey(number)
        });
        Roles { of_fields: of_fields.collect(), groups }
    }

    /// Sets of fields that an update must know together to write the key of one index.
    ///
    /// A key attribute is text made of all its components. Where a component may be absent, and with it the whole
    /// key, setting it writes every attribute of the key, so all their components are needed. A field that is a key
    /// attribute itself needs nothing written, except that it may be what is absent.
    fn needed_together(&self, index: &IndexKeys, primary: &[usize]) -> Vec<Vec<usize>> {
        let own = |fields: Vec<usize>| fields.into_iter().filter(|field| !primary.contains(field));
        let templates = index.specs().filter(|spec| matches!(spec, KeySpec::Template { .. }));
        let needed: Vec<Vec<usize>> = templates.map(|spec| own(spec.components()).collect()).collect();
        let optional = self.optional_components(index);
        let needed = match optional.is_empty() {
            true => needed,
            // Every attribute of the key is a field, which is there or not by itself.
            false if needed.is_empty() => {
                optional.into_iter().map(|field| own(vec![field]).collect()).collect()
            }
            false => vec![needed.into_iter().flatten().chain(own(optional)).collect()],
        };
        needed.into_iter().filter(|fields| !fields.is_empty()).collect()
    }

    /// The components that may be `None`, each once: without one of them an item is not in the index.
    pub(crate) fn optional_components(&self, index: &IndexKeys) -> Vec<usize> {
        let components = index.specs().flat_map(KeySpec::components);
        each_once(components.filter(|field| self.fields[*field].option_inner().is_some()))
    }
}

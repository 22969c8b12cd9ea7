//! IAM policies.

use super::json::Json;
use crate::{
    entity::{Entity, sentinel_prefix},
    schema::{EntityKey, EntitySchema, TableSchema},
};
use std::{fmt, marker::PhantomData};

/// The IAM policy of the calls of one entity: what a [`Repository`](crate::Repository) does, and no more (least privilege).
///
/// It allows the operations of the calls that are asked for, on the table and the indexes that hold the entity, and only for
/// items whose partition key has the form of the entity (`dynamodb:LeadingKeys`). It displays as a policy document in JSON.
///
/// ```
/// use dynamap::{Entity, TableSchema, export::Policy};
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk")]
/// pub struct Shop;
///
/// #[derive(Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// pub struct Order {
///     pub customer: String,
///     pub number: u32,
/// }
///
/// let policy = Policy::<Order>::new("shop").account("eu-north-1", "123456789012").read().to_string();
/// assert!(policy.contains(r#""dynamodb:LeadingKeys": ["CUSTOMER#*"]"#));
/// assert!(!policy.contains("dynamodb:PutItem") && !policy.contains("dynamodb:Scan"));
/// ```
///
/// DynamoDB compares the leading keys of a query of an index with the partition key of the index. A scan has none, so that
/// [`scan`](Self::scan) allows to read all items of the table. Entities that share a form of the partition key are not told
/// apart: those of one partition are allowed together. Writes of an entity with [unique fields](crate::guide::unique) may write its
/// sentinel items as well, and read its items.
pub struct Policy<E> {
    entity: EntitySchema,
    table: String,
    region: String,
    account: String,
    partition: String,
    reads: bool,
    writes: bool,
    scans: bool,
    of: PhantomData<fn() -> E>,
}

/// The operations of reads by keys. DynamoDB: a transaction needs the actions of the single operations.
const READS: [&str; 3] = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];

/// The operation that reads the item before a write of unique fields, and the sentinel items in a repair.
const READ_OF_UNIQUE: &str = "dynamodb:GetItem";

const WRITES_OF_SENTINELS: [&str; 3] = [READ_OF_UNIQUE, "dynamodb:DeleteItem", "dynamodb:PutItem"];

const WRITES: [&str; 5] = [
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
];

impl<E: Entity> Policy<E> {
    /// The policy for the entity in the table of this name, which allows nothing yet.
    pub fn new(table: impl Into<String>) -> Self {
        Self {
            entity: EntitySchema::of::<E>(),
            table: table.into(),
            region: "*".into(),
            account: "*".into(),
            partition: "aws".into(),
            reads: false,
            writes: false,
            scans: false,
            of: PhantomData,
        }
    }

    /// The Region and the account of the table. Default: any.
    pub fn account(mut self, region: impl Into<String>, account: impl Into<String>) -> Self {
        (self.region, self.account) = (region.into(), account.into());
        self
    }

    /// The partition of AWS, such as `aws-cn`. Default: `aws`.
    pub fn partition(mut self, partition: impl Into<String>) -> Self {
        self.partition = partition.into();
        self
    }

    /// Allows gets, batch gets and queries, also in transactions.
    pub fn read(mut self) -> Self {
        self.reads = true;
        self
    }

    /// Allows puts, updates and deletes, also in batches and transactions, and the checks of transactions.
    pub fn write(mut self) -> Self {
        self.writes = true;
        self
    }

    /// Allows scans of the table and of the indexes that hold the entity, which read all of their items.
    pub fn scan(mut self) -> Self {
        self.scans = true;
        self
    }

    fn statements(&self) -> Vec<Json> {
        let primary = self.entity.primary_key();
        let indexes = self.entity.keys.iter().filter_map(|key| Some((key.index?, key)));
        let mut statements = Vec::new();
        let mut of_table = Vec::new();
        of_table.extend(self.reads.then_some(READS).into_iter().flatten());
        of_table.extend(self.writes.then_some(WRITES).into_iter().flatten());
        let writes_unique = self.writes && !E::UNIQUE.is_empty();
        of_table.extend((writes_unique && !self.reads).then_some(READ_OF_UNIQUE));
        if !of_table.is_empty() {
            statements.push(self.statement(&of_table, None, primary.and_then(keys)));
        }
        if writes_unique {
            let keys = escaped(&sentinel_prefix(E::NAME)) + "*";
            statements.push(self.statement(&WRITES_OF_SENTINELS, None, Some(keys)));
        }
        for (index, key) in indexes.clone().filter(|_| self.reads) {
            let is_vector = E::Table::VECTOR_INDEXES.iter().any(|vector| vector.name == index);
            // A local index has the partition key of the table.
            let is_local = E::Table::INDEXES.iter().any(|local| local.local && local.name == index);
            let key = if is_local { primary } else { Some(key).filter(|_| !is_vector) };
            let action = if is_vector { "dynamodb:SearchVectors" } else { "dynamodb:Query" };
            statements.push(self.statement(&[action], Some(index), key.and_then(keys)));
        }
        if self.scans {
            statements.push(self.statement(&["dynamodb:Scan"], None, None));
            let is_scanned = |index: &&str| E::Table::INDEXES.iter().any(|known| known.name == *index);
            let scanned = indexes.map(|(index, _)| index).filter(is_scanned);
            statements.extend(scanned.map(|index| self.statement(&["dynamodb:Scan"], Some(index), None)));
        }
        statements
    }

    /// A statement that allows the actions on the table or an index, for partition keys like this.
    fn statement(&self, actions: &[&str], index: Option<&str>, keys: Option<String>) -> Json {
        let Self { partition, region, account, table, .. } = self;
        let mut resource = format!("arn:{partition}:dynamodb:{region}:{account}:table/{table}");
        index.iter().for_each(|index| resource += &format!("/index/{index}"));
        let condition = keys.map(|keys| {
            let keys = Json::Object(vec![("dynamodb:LeadingKeys".into(), Json::texts([keys]))]);
            Json::Object(vec![("ForAllValues:StringLike".into(), keys)])
        });
        Json::object([
            ("Effect", Some(Json::text("Allow"))),
            ("Action", Some(Json::texts(actions.iter().copied()))),
            ("Resource", Some(Json::Text(resource))),
            ("Condition", condition),
        ])
    }
}

impl<E: Entity> fmt::Display for Policy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = Json::object([
            ("Version", Some(Json::text("2012-10-17"))),
            ("Statement", Some(Json::List(self.statements()))),
        ]);
        writeln!(f, "{document}")
    }
}

impl<E> fmt::Debug for Policy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("entity", &self.entity)
            .field("table", &self.table)
            .field("region", &self.region)
            .field("account", &self.account)
            .field("partition", &self.partition)
            .field("reads", &self.reads)
            .field("writes", &self.writes)
            .field("scans", &self.scans)
            .finish()
    }
}

/// The partition keys of a form as IAM compares them; `None` if they may be any.
fn keys(key: &EntityKey) -> Option<String> {
    // DynamoDB: the leading key of an index with several partition key attributes is not documented.
    let [template] = key.partition_key else { return None };
    Some(pattern(template)).filter(|pattern| pattern != "*")
}

/// The text with IAM's wildcards escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    text.chars().for_each(|c| push_escaped(c, &mut escaped));
    escaped
}

fn push_escaped(c: char, pattern: &mut String) {
    match c {
        '*' | '?' | '$' => pattern.extend(['$', '{', c, '}']),
        c => pattern.push(c),
    }
}

/// The keys of a template as IAM compares them: `*` for each component, and the wildcards of its texts escaped.
fn pattern(template: &str) -> String {
    let (mut pattern, mut chars) = (String::new(), template.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                pattern.push(c);
            }
            '{' => {
                chars.by_ref().find(|c| *c == '}');
                if !pattern.ends_with('*') {
                    pattern.push('*');
                }
            }
            c => push_escaped(c, &mut pattern),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn templates_become_patterns() {
        let cases = [
            ("GROUPS", "GROUPS"),
            ("ORDER#{id}", "ORDER#*"),
            ("TENANT#{tenant}#USER#{user}", "TENANT#*#USER#*"),
            ("{tenant}", "*"),
            ("{a}{b}", "*"),
            ("{{x}}#{id}", "{x}#*"),
            ("A*B?$#{id}", "A${*}B${?}${$}#*"),
        ];
        for (template, expected) in cases {
            assert_eq!(pattern(template), expected, "{template}");
        }
    }
}

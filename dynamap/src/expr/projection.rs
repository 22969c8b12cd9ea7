use super::{MAX_BYTES, Placeholders};
use crate::{
    entity::ProjectedAttribute,
    error::{ExpressionError, ExpressionErrorKind},
};
use std::collections::BTreeMap;

/// The attributes that a request asks for (`ProjectionExpression`): each attribute whole, or by its parts.
///
/// DynamoDB: two paths of a projection expression cannot overlap. Here a path is there once, and none is inside
/// another.
#[derive(Debug, Default)]
pub struct ProjectionExpression(BTreeMap<&'static str, ProjectedPath>);

#[derive(Debug)]
enum ProjectedPath {
    Whole,
    Parts(ProjectionExpression),
}

impl ProjectionExpression {
    /// Asks for all of these as well.
    pub(crate) fn add(&mut self, attributes: &[ProjectedAttribute]) {
        for attribute in attributes {
            if attribute.parts().is_empty() {
                self.add_whole(attribute.name());
                continue;
            }
            let asked =
                self.0.entry(attribute.name()).or_insert_with(|| ProjectedPath::Parts(Self::default()));
            if let ProjectedPath::Parts(parts) = asked {
                parts.add(attribute.parts());
            }
        }
    }

    /// Asks for the whole attribute as well. An empty name is none: a derive reported a mistake.
    pub(crate) fn add_whole(&mut self, name: &'static str) {
        if !name.is_empty() {
            self.0.insert(name, ProjectedPath::Whole);
        }
    }

    /// `ProjectionExpression`, such as `#n0, #n1.#n2`.
    pub(crate) fn render(&self, placeholders: &mut Placeholders) -> Result<String, ExpressionError> {
        let mut text = String::new();
        self.write("", placeholders, &mut text);
        let (size, limit) = (text.len(), MAX_BYTES);
        match size > limit {
            true => Err(ExpressionError::new(ExpressionErrorKind::TooLong { size, limit })),
            false => Ok(text),
        }
    }

    fn write(&self, holder: &str, placeholders: &mut Placeholders, text: &mut String) {
        for (name, asked) in &self.0 {
            let path = format!("{holder}{}", placeholders.name(name));
            match asked {
                ProjectedPath::Parts(parts) => parts.write(&format!("{path}."), placeholders, text),
                ProjectedPath::Whole => {
                    let separator = if text.is_empty() { "" } else { ", " };
                    text.extend([separator, &path]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const STREET: ProjectedAttribute = ProjectedAttribute::whole("street");
    const CITY: ProjectedAttribute = ProjectedAttribute::whole("city");

    fn render(attributes: &[ProjectedAttribute]) -> String {
        let mut asked = ProjectionExpression::default();
        attributes.iter().for_each(|attribute| asked.add(&[*attribute]));
        let mut placeholders = Placeholders::default();
        let mut text = asked.render(&mut placeholders).unwrap();
        for (placeholder, name) in placeholders.take_names().unwrap() {
            text = text.replace(&placeholder, &name);
        }
        text
    }

    #[test]
    fn no_path_is_inside_another() {
        let part = |parts| ProjectedAttribute::nested("ship_to", parts);
        let (whole, street, city) = (ProjectedAttribute::whole("ship_to"), part(&[STREET]), part(&[CITY]));
        assert_eq!(render(&[street, city, street]), "ship_to.city, ship_to.street");
        assert_eq!(render(&[street, whole]), "ship_to");
        assert_eq!(render(&[whole, street]), "ship_to");
        assert_eq!(render(&[CITY, city, part(&[])]), "city, ship_to");
        assert_eq!(render(&[ProjectedAttribute::whole(""), CITY]), "city");
    }

    #[test]
    fn an_expression_that_is_too_long_is_refused() {
        let mut asked = ProjectionExpression::default();
        for number in 0..1000_u32 {
            asked.add_whole(String::leak(number.to_string()));
        }
        let error = asked.render(&mut Placeholders::default()).unwrap_err();
        assert!(matches!(error.kind(), ExpressionErrorKind::TooLong { limit: 4096, .. }), "{error}");
    }
}

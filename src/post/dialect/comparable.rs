//! Equality of values behind `dyn Dialect`.

use std::any::Any;

/// A value that can be compared with one of any type.
pub trait Comparable: Any {
    /// Returns true if the other value has the same type and is equal.
    fn equals(&self, other: &dyn Any) -> bool;
}

impl<D: PartialEq + Any> Comparable for D {
    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

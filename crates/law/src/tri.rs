//! Three-valued truth (Kleene): true, false, or not known. Unknown stays unknown until something
//! else settles the matter.

/// A truth value in two bits: bit 0 "may be true", bit 1 "is true". Conjunction and disjunction
/// are then the bitwise operations, which lets columns of them be combined many at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tri(pub u8);

impl Tri {
    /// False.
    pub const FALSE: Self = Self(0);
    /// Not known.
    pub const UNKNOWN: Self = Self(1);
    /// True.
    pub const TRUE: Self = Self(3);

    /// True or false.
    #[must_use]
    pub const fn of(b: bool) -> Self {
        if b { Self::TRUE } else { Self::FALSE }
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The contrary; unknown stays unknown.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(((self.0 << 1) | (self.0 >> 1)) & 3 ^ 3)
    }

    /// `Some` where it is known.
    #[must_use]
    pub const fn known(self) -> Option<bool> {
        match self.0 {
            0 => Some(false),
            3 => Some(true),
            _ => None,
        }
    }

    /// Surely true.
    #[must_use]
    pub const fn is_true(self) -> bool {
        self.0 == 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Tri; 3] = [Tri::FALSE, Tri::UNKNOWN, Tri::TRUE];

    #[test]
    fn tables_are_those_of_kleene() {
        for a in ALL {
            for b in ALL {
                let rank = |t: Tri| ALL.iter().position(|x| *x == t);
                assert_eq!(rank(a.and(b)), rank(a).min(rank(b)));
                assert_eq!(rank(a.or(b)), rank(a).max(rank(b)));
            }
        }
    }

    #[test]
    fn the_contrary_of_unknown_is_unknown() {
        assert_eq!(Tri::FALSE.negated(), Tri::TRUE);
        assert_eq!(Tri::TRUE.negated(), Tri::FALSE);
        assert_eq!(Tri::UNKNOWN.negated(), Tri::UNKNOWN);
    }
}

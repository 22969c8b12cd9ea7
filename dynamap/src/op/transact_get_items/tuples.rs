//! The tuples that keys can be in.

/// Gives a macro the tuples of keys: what is at each position, what it is read as, and the position.
macro_rules! for_tuples {
    ($tuples:ident) => {
        $tuples! {
            (A M 0)
            (A M 0, B N 1)
            (A M 0, B N 1, C O 2)
            (A M 0, B N 1, C O 2, D P 3)
            (A M 0, B N 1, C O 2, D P 3, E Q 4)
            (A M 0, B N 1, C O 2, D P 3, E Q 4, F R 5)
            (A M 0, B N 1, C O 2, D P 3, E Q 4, F R 5, G S 6)
            (A M 0, B N 1, C O 2, D P 3, E Q 4, F R 5, G S 6, H T 7)
            (A M 0, B N 1, C O 2, D P 3, E Q 4, F R 5, G S 6, H T 7, I U 8)
            (A M 0, B N 1, C O 2, D P 3, E Q 4, F R 5, G S 6, H T 7, I U 8, J V 9)
            (A M 0, B N 1, C O 2, D P 3, E Q 4, F R 5, G S 6, H T 7, I U 8, J V 9, K W 10)
            (A M 0, B N 1, C O 2, D P 3, E Q 4, F R 5, G S 6, H T 7, I U 8, J V 9, K W 10, L X 11)
        }
    };
}
pub(super) use for_tuples;

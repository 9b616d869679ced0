/// Runs and judgement sets side by side: figures with paired intervals, what verdicts changed, and in what the two
/// differ that could explain it.
@NullMarked
package io.turnstream.projection.comparison;

import org.jspecify.annotations.NullMarked;

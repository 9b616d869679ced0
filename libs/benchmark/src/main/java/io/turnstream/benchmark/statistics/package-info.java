/// Uncertainty of the scores: image-clustered intervals and paired comparisons of two runs.
@NullMarked
package io.turnstream.benchmark.statistics;

import org.jspecify.annotations.NullMarked;

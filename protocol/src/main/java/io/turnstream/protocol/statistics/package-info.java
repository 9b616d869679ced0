/// Uncertainty of the scores: image-clustered intervals and paired comparisons of two runs.
@NullMarked
package io.turnstream.protocol.statistics;

import org.jspecify.annotations.NullMarked;

/// From accepted events to score rows to cells: a Kafka Streams topology over pure folds.
@NullMarked
package io.turnstream.metrics.scoring;

import org.jspecify.annotations.NullMarked;

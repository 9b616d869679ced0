/// From topics into the projection: channels that keep their positions beside their data.
@NullMarked
package io.turnstream.metrics.sink;

import org.jspecify.annotations.NullMarked;

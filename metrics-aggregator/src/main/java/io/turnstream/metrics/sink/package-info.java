/// From topics into the projection: consumers that keep their offsets beside their data.
@NullMarked
package io.turnstream.metrics.sink;

import org.jspecify.annotations.NullMarked;

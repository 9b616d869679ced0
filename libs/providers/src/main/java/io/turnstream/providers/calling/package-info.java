/// From one attempt to a result: retries within bounds, waiting without holding a place, and handing a call back when
/// waiting here is of no use.
@NullMarked
package io.turnstream.providers.calling;

import org.jspecify.annotations.NullMarked;

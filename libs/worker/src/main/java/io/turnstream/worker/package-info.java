/// A member of a worker pool on its channels: requests in, answers out, and what is committed when.
@NullMarked
package io.turnstream.worker;

import org.jspecify.annotations.NullMarked;

/// What worker pools promise, seen from outside: requests in, answers and committed offsets out.
@NullMarked
package io.turnstream.integration.workers;

import org.jspecify.annotations.NullMarked;

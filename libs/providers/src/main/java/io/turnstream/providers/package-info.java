/// Model APIs as the workers see them: one call is one attempt, and ends in a [ModelReply], never in an exception of a
/// client library. The packages below retry, limit and price such calls.
@NullMarked
package io.turnstream.providers;

import org.jspecify.annotations.NullMarked;

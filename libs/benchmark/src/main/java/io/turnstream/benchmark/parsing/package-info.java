/// What an answer says: strict parsers for the `corrected` scoring and the published ones for `reference`.
@NullMarked
package io.turnstream.benchmark.parsing;

import org.jspecify.annotations.NullMarked;

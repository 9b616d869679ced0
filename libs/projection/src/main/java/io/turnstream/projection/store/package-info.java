/// The MongoDB side of the projection: what each event becomes, and how it is written so that a repetition changes
/// nothing.
///
/// Every filter is `_id` alone, or a prefix of it. Both a MongoDB and the embedded store answer those from their index;
/// with any further condition the embedded store reads the whole collection (6 s for 250,000 documents).
@NullMarked
package io.turnstream.projection.store;

import org.jspecify.annotations.NullMarked;

/// What the services say to each other: topics, events (Avro, `src/main/avro`), identities and digests. No framework.
@NullMarked
package io.turnstream.events;

import org.jspecify.annotations.NullMarked;

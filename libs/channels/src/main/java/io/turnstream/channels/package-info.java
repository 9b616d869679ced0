/// What services give the Kafka connector of SmallRye Reactive Messaging: how it reaches Kafka, when it commits, where
/// records go that nobody can handle.
@NullMarked
package io.turnstream.channels;

import org.jspecify.annotations.NullMarked;

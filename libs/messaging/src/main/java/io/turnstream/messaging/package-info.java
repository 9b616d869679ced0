/// How services reach Kafka: connections, serdes, headers, topics, tables, the request pump of the workers and the life
/// of a Kafka Streams topology. Every consumer here reads committed records only.
@NullMarked
package io.turnstream.messaging;

import org.jspecify.annotations.NullMarked;

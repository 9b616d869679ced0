package io.turnstream.messaging;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/// A record whose bytes are not those that were written: the file of the log that it lies in was damaged. A consumer
/// fails at it each time.
///
/// @param partition where it lies
public record DamagedRecord(TopicPartition partition) {

    /// How consumers say it; the exception's type they use for other failures, too.
    private static final Pattern SIGN = Pattern.compile(
            "(?:fetching the next record from |Record batch for partition |Record for partition )(\\S+)-(\\d+)(?:\\.| at offset)");

    /// Which record a failure is about, if it is about a damaged one.
    public static Optional<DamagedRecord> in(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            Matcher sign = SIGN.matcher(String.valueOf(e.getMessage()));
            if (sign.find()) {
                return Optional
                        .of(new DamagedRecord(new TopicPartition(sign.group(1), Integer.parseInt(sign.group(2)))));
            }
        }
        return Optional.empty();
    }

    /// What is wrong, without where.
    public String problem() {
        return "its bytes are damaged on the broker's disk";
    }
}

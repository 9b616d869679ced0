package io.turnstream.metrics.sink;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import java.util.Set;

/// Tells a document that the store will never take from a store that is away.
final class StoreRefusal {

    /// Error codes that speak of the document and not of the server: bad value, failed to parse, type mismatch, path
    /// not viable, conflicting operators, `$` or `.` in a field name, validation failure, document too large.
    private static final Set<Integer> OF_THE_DOCUMENT = Set.of(2, 9, 14, 28, 40, 52, 56, 57, 121, 10334, 17280, 17419,
            17420);

    private StoreRefusal() {}

    static boolean isRefusal(MongoException failure) {
        return switch (failure) {
            case MongoBulkWriteException bulk -> !bulk.getWriteErrors().isEmpty()
                    && bulk.getWriteErrors().stream().allMatch(error -> OF_THE_DOCUMENT.contains(error.getCode()));
            case MongoWriteException write -> OF_THE_DOCUMENT.contains(write.getError().getCode());
            case MongoCommandException command -> OF_THE_DOCUMENT.contains(command.getErrorCode());
            default -> OF_THE_DOCUMENT.contains(failure.getCode());
        };
    }
}

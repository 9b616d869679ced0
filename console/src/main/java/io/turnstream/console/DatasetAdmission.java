package io.turnstream.console;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which files an order may name. Whoever can ask for a run would otherwise have the loader read any file it can.
///
/// This looks at names alone, so that an order is refused at once. What a name leads to, the loader sees, and follows
/// no link out.
@FunctionalInterface
public interface DatasetAdmission {

    /// @param where the field that names the path
    /// @throws UnacceptableRunException if it may not be named
    void require(String path, String where);

    /// Requires this of every path in an order.
    default void require(RunOrder order) {
        order.dataset().forEach(path -> require(path, "dataset"));
        requireIfGiven(order.captions(), "captions");
        requireIfGiven(order.categories(), "categories");
    }

    private void requireIfGiven(@Nullable String path, String where) {
        if (path != null) {
            require(path, where);
        }
    }

    /// Admits any path: whoever gives orders is the user whose files they are.
    static DatasetAdmission everywhere() {
        return (path, where) -> { /* what the user may read shows when it is read */ };
    }

    /// Admits what lies below some folders.
    static DatasetAdmission below(List<Path> folders) {
        return (path, where) -> {
            if (folders.stream().noneMatch(folder -> liesBelow(path, folder))) {
                throw new UnacceptableRunException("this is no path below the folders that this platform reads", where,
                        "Give an absolute path below "
                                + folders.stream().map(Path::toString).collect(Collectors.joining(" or "))
                                + "; its operator names them in TURNSTREAM_DATASET_FOLDERS.");
            }
        };
    }

    private static boolean liesBelow(String path, Path folder) {
        try {
            return Path.of(path).isAbsolute() && Path.of(path).normalize().startsWith(folder.normalize());
        } catch (InvalidPathException e) {
            return false;
        }
    }
}

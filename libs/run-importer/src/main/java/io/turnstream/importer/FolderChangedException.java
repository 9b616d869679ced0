package io.turnstream.importer;

import java.nio.file.Path;

/// A folder was changed between its survey and its import.
public final class FolderChangedException extends RuntimeException {

    private static final String PROBLEM = "the folder was changed while it was being imported";
    private static final String REMEDY = "import it again once nobody writes to it; the run that was begun has failed";

    private final Path folder;

    FolderChangedException(Path folder) {
        super(folder + ": " + PROBLEM + "; " + REMEDY);
        this.folder = folder;
    }

    /// What is wrong.
    public String problem() {
        return PROBLEM;
    }

    /// The folder.
    public String where() {
        return folder.toString();
    }

    /// What to do.
    public String remedy() {
        return REMEDY;
    }
}

package io.turnstream.benchmark.pack;

/// A protocol pack that cannot be used. The message says which file and field are wrong, what was expected and what to
/// do.
public final class InvalidProtocolException extends RuntimeException {

    private final String file;
    private final String field;

    InvalidProtocolException(String file, String field, String problem, String remedy) {
        super("Protocol pack: " + file + (field.isEmpty() ? "" : ", " + field) + ": " + problem + ". " + remedy);
        this.file = file;
        this.field = field;
    }

    /// The file within the pack, `/` between folders; the folder's or the pack's own name if no file is at fault.
    public String file() {
        return file;
    }

    /// The field or placeholder within the file; empty if the file as a whole is at fault.
    public String field() {
        return field;
    }
}

package io.turnstream.standalone.cli;

/// Headings under which `--help` lists flags. A flag belongs to a group by its `order`.
enum FlagGroup {
    MODELS("Models"), DATA("Data set"), CALLS("Calls"), RUN("Run"), OUTPUT("Output"), PLATFORM("Platform");

    /// Orders per group.
    static final int SIZE = 100;

    static final int OF_MODELS = 100;
    static final int OF_DATA = 200;
    static final int OF_CALLS = 300;
    static final int OF_RUN = 400;
    static final int OF_OUTPUT = 500;
    static final int OF_PLATFORM = 600;

    private final String heading;

    FlagGroup(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }

    boolean holds(int order) {
        int group = ordinal() + 1;
        return order >= group * SIZE && order < (group + 1) * SIZE;
    }
}

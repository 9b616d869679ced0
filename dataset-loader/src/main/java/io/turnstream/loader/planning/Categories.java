package io.turnstream.loader.planning;

import io.turnstream.benchmark.Split;
import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.UnusableDatasetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The safety scenario of each row, from a CSV file with the header `id,split,category`.
///
/// A line that cannot be used is reported, and its row runs without a category.
///
/// @param problems lines that were left out, as warnings
public record Categories(Map<Key, String> byRow, List<RowRejection> problems) {

    /// The category of rows that have none.
    public static final String NONE = "uncategorised";

    static final String FILE = "categories.csv";

    private static final String HEADER = "id,split,category";
    private static final String LAYOUT = "begin with the line " + HEADER + " and write one row a line: 12,type_a,fraud";

    public Categories {
        byRow = Map.copyOf(byRow);
        problems = List.copyOf(problems);
    }

    /// A row.
    public record Key(Split split, int id) {}

    /// Reads the categories.
    ///
    /// @param given the file that was asked for; null for `categories.csv` beside the data set, if it is there
    /// @throws UnusableDatasetException if the file cannot be used at all
    static Categories load(@Nullable Path given, List<Path> roots, ReadableFolders readable) {
        Path file = given == null ? Captions.beside(roots, FILE) : given;
        if (file == null) {
            return new Categories(Map.of(), List.of());
        }
        return parse(file,
                TextFile.read(file, new TextFile.Content("categories", LAYOUT), readable).text().lines().toList());
    }

    private static Categories parse(Path file, List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().strip().equals(HEADER)) {
            throw new UnusableDatasetException("the first line is not " + HEADER, file.toString(), LAYOUT);
        }
        Map<Key, String> byRow = new HashMap<>();
        List<RowRejection> problems = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty()) {
                continue;
            }
            String problem = add(line, byRow);
            if (problem != null) {
                problems.add(RowRejection.warnOfFile(file.getFileName().toString(), "line " + (i + 1), problem,
                        HEADER, "correct the line; its row runs as " + NONE, 0));
            }
        }
        return new Categories(byRow, problems);
    }

    private static @Nullable String add(String line, Map<Key, String> byRow) {
        String[] parts = line.split(",", -1);
        if (parts.length != 3) {
            return "the line has " + parts.length + " fields";
        }
        Integer id = Captions.idOf(parts[0].strip());
        if (id == null) {
            return "the id is no whole number of 32 bits";
        }
        Split split = Arrays.stream(Split.values())
                .filter(candidate -> candidate.wireName().equals(parts[1].strip()))
                .findFirst()
                .orElse(null);
        if (split == null) {
            return "the split is not one of "
                    + String.join(", ", Arrays.stream(Split.values()).map(Split::wireName).toList());
        }
        String category = parts[2].strip();
        if (category.isEmpty() || category.equals("all")) {
            return category.isEmpty() ? "the category is empty" : "'all' stands for all categories and cannot name one";
        }
        String before = byRow.putIfAbsent(new Key(split, id), category);
        return before == null || before.equals(category) ? null : "the row already has another category";
    }

    String of(Split split, int id) {
        return byRow.getOrDefault(new Key(split, id), NONE);
    }
}

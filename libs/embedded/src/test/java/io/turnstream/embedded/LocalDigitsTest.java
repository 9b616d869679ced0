package io.turnstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDigitsTest {

    private static final String ARABIC_ZEROS = "\u0660".repeat(20);
    private static final String ZEROS = "0".repeat(20);

    @TempDir
    Path folder;

    private Path log;

    @BeforeEach
    void makeLog() throws IOException {
        log = Files.createDirectories(folder.resolve("turns-0"));
    }

    @Test
    void every_file_of_a_segment_gets_the_name_that_a_broker_looks_for() throws IOException {
        for (String kind : List.of(".log", ".index", ".timeindex")) {
            Files.writeString(log.resolve(ARABIC_ZEROS + kind), kind);
        }
        Files.writeString(log.resolve("\u0660".repeat(18) + "\u0663\u0667.snapshot"), "producers");
        Files.writeString(log.resolve("leader-epoch-checkpoint"), "0\n1\n0 0\n");

        assertThat(LocalDigits.spellOut(folder)).isEqualTo(4);

        assertThat(names()).containsExactlyInAnyOrder(ZEROS + ".log", ZEROS + ".index", ZEROS + ".timeindex",
                "0".repeat(18) + "37.snapshot", "leader-epoch-checkpoint");
        assertThat(log.resolve(ZEROS + ".log")).hasContent(".log");
        assertThat(LocalDigits.spellOut(folder)).as("the second time").isZero();
    }

    @Test
    void the_digits_of_every_language_are_known() throws IOException {
        for (Locale locale : NumberFormat.getAvailableLocales()) {
            NumberFormat format = NumberFormat.getInstance(locale);
            format.setMinimumIntegerDigits(20);
            format.setGroupingUsed(false);
            Files.writeString(log.resolve(format.format(1_234_567_890L) + ".log"), "");
        }

        LocalDigits.spellOut(folder);

        assertThat(names()).containsExactly("00000000001234567890.log");
    }

    @Test
    void what_a_broker_began_beside_it_and_wrote_nothing_to_gives_way() throws IOException {
        Files.writeString(log.resolve(ARABIC_ZEROS + ".log"), "records");
        Files.writeString(log.resolve(ARABIC_ZEROS + ".index"), "of these");
        Files.writeString(log.resolve(ZEROS + ".log"), "");
        Files.writeString(log.resolve(ZEROS + ".index"), "of none");

        LocalDigits.spellOut(folder);

        assertThat(names()).containsExactlyInAnyOrder(ZEROS + ".log", ZEROS + ".index");
        assertThat(log.resolve(ZEROS + ".log")).hasContent("records");
        assertThat(log.resolve(ZEROS + ".index")).hasContent("of these");
    }

    @Test
    void an_empty_file_takes_no_place_of_one_with_records() throws IOException {
        Files.writeString(log.resolve(ARABIC_ZEROS + ".log"), "");
        Files.writeString(log.resolve(ARABIC_ZEROS + ".index"), "of none");
        Files.writeString(log.resolve(ZEROS + ".log"), "records");
        Files.writeString(log.resolve(ZEROS + ".index"), "of these");

        LocalDigits.spellOut(folder);

        assertThat(names()).containsExactlyInAnyOrder(ZEROS + ".log", ZEROS + ".index");
        assertThat(log.resolve(ZEROS + ".index")).hasContent("of these");
        assertThat(log.resolve(ZEROS + ".log")).hasContent("records");
    }

    @Test
    void records_under_both_names_are_an_error_and_nothing_is_changed() throws IOException {
        Files.writeString(log.resolve(ARABIC_ZEROS + ".index"), "");
        Files.writeString(log.resolve(ARABIC_ZEROS + ".log"), "records");
        Files.writeString(log.resolve(ZEROS + ".log"), "others");

        assertThatThrownBy(() -> LocalDigits.spellOut(folder)).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("twice").hasMessageContaining(log.toString());
        assertThat(names()).hasSize(3);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}

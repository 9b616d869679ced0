package io.turnstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitNoteTest {

    @Test
    void reads_what_it_writes() {
        CommitNote note = new CommitNote(120, Set.of(0L, 1L, 2L, 7L, 9L, 10L));

        assertThat(note.text()).isEqualTo("1 answers=120 calling=0-2,7,9-10");
        assertThat(CommitNote.of(note.text())).isEqualTo(note);
        assertThat(CommitNote.of(new CommitNote(3, Set.of()).text())).isEqualTo(new CommitNote(3, Set.of()));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "leader epoch 3", "2 answers=4", "1 answers=", "1 answers=-1",
            "1 answers=99999999999999999999"})
    void knows_nothing_where_somebody_else_wrote(String text) {
        assertThat(CommitNote.of(text)).isEqualTo(CommitNote.NONE);
        assertThat(CommitNote.NONE.text()).isEmpty();
    }

    @Test
    void stays_below_what_a_broker_takes_and_names_the_first_calls_then() {
        // Given calls that stand alone: five characters and more each
        Set<Long> calling = LongStream.range(0, 2_000).map(n -> 1_000 + 2 * n).boxed().collect(Collectors.toSet());

        // When
        String text = new CommitNote(7, calling).text();

        // Then
        assertThat(text).hasSizeLessThan(4_096);
        assertThat(CommitNote.of(text).answersFrom()).isEqualTo(7);
        assertThat(CommitNote.of(text).calling()).hasSizeGreaterThan(700).isSubsetOf(calling).contains(1_000L);
    }

    @Test
    void is_not_made_to_hold_millions_by_a_forged_range() {
        assertThat(CommitNote.of("1 answers=1 calling=0-999999999").calling()).hasSizeLessThan(10_000);
    }
}

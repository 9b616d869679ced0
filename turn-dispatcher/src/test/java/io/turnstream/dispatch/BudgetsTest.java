package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.state.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void spentAndSetAsideTogetherNeverExceedTheLimitWhateverTheOrder(long seed) {
        // Given calls whose worst case and cost are drawn, which begin and end in any order
        Random random = new Random(seed);
        long limit = 10_000;
        long spent = 0;
        Budget budget = Budgets.of(limit);
        List<Long> open = new ArrayList<>();

        for (int event = 0; event < 5_000; event++) {
            // When
            if (random.nextBoolean()) {
                long worst = random.nextLong(1, 300);
                if (Budgets.hasRoomFor(budget, spent, worst)) {
                    long estimate = Budgets.estimate(budget, worst);
                    budget = Budgets.reserved(budget, estimate);
                    open.add(estimate);
                }
            } else if (!open.isEmpty()) {
                long reserved = open.remove(random.nextInt(open.size()));
                long cost = random.nextLong(0, reserved + 1);
                budget = Budgets.settled(budget, reserved, cost);
                spent += cost;
            }

            // Then
            assertThat(spent + budget.getReservedNanoUsd()).isLessThanOrEqualTo(limit);
            assertThat(budget.getReservedNanoUsd()).isEqualTo(open.stream().mapToLong(Long::longValue).sum());
        }
        assertThat(spent).as("and most of it is used").isGreaterThan(limit - 300);
    }

    @Test
    void withoutALimitThereIsAlwaysRoomAndWithoutAPriceThereIsNone() {
        assertThat(Budgets.hasRoomFor(Budgets.of(null), Long.MAX_VALUE / 2, 1_000L)).isTrue();
        assertThat(Budgets.hasRoomFor(Budgets.of(null), 0, null)).isTrue();
        assertThat(Budgets.hasRoomFor(Budgets.of(1_000L), 0, null)).isFalse();
        assertThat(Budgets.hasRoomFor(Budgets.of(1_000L), 400, 600L)).isTrue();
        assertThat(Budgets.hasRoomFor(Budgets.of(1_000L), 400, 601L)).isFalse();
    }

    @Test
    void dialogueThatCostsMoreThanWasSetAsideRaisesLaterEstimates() {
        // Given 100 set aside, of which 250 were spent: two and a half times as much
        Budget budget = Budgets.settled(Budgets.reserved(Budgets.of(10_000L), 100), 100, 250);

        assertThat(budget.getReservedNanoUsd()).isZero();
        assertThat(Budgets.estimate(budget, 100L)).isEqualTo(250);

        // When one of those costs a fifth more again, and one less
        budget = Budgets.settled(Budgets.reserved(budget, 250), 250, 300);
        budget = Budgets.settled(Budgets.reserved(budget, 300), 300, 10);

        // Then
        assertThat(Budgets.estimate(budget, 100L)).isEqualTo(300);
    }

    @Test
    void limitThatIsNotNamedStaysAsItIs() {
        Budget budget = Budgets.reserved(Budgets.of(500L), 70);

        assertThat(Budgets.limited(budget, null)).isEqualTo(budget);
        assertThat(Budgets.limited(budget, 900L)).isEqualTo(new Budget(900L, 70L, 1000L));
    }

    @Test
    void saysWhatIsSpentAndWhatTheNextDialogueMayCost() {
        assertThat(Budgets.exhausted(Budgets.of(2_000_000_000L), 1_234_567_890L, 1_500_000L, "--cost-limit")).isEqualTo(
                "the cost limit of $2.00 is reached: $1.23 is spent, and the next dialogue may cost up to $0.0015. Raise --cost-limit");
        assertThat(Budgets.exhausted(Budgets.of(50_000L), 0, null, "--cost-limit")).contains("$0.00005 ")
                .contains("no price");
    }

    @Test
    void worstCaseIsCountedFromTheTextsAndTheTokenLimits() {
        // Given turns "one", "two" and "three" of one, one and two tokens, answers of at most 128, no image, each call
        // paid once
        DialoguePlan plan = DispatcherFixture.pricedPlan(0);

        // Then the model's prompts have 1 + 16 + 100, 2 + 128 + 32 + 100 and 4 + 256 + 48 + 100 tokens, and its answers
        // 3 x 128
        assertThat(WorstCase.ofModel(plan)).isEqualTo((117 + 262 + 408 + 384) * 1_000L);
        // and the judge reads 4 + 384 + 48 and an allowance of 1,800 with its own answer repeated, and says 128
        assertThat(WorstCase.ofJudge(plan)).isEqualTo((436 + 1_800 + 128 + 128) * 1_000L);

        // When each call may be paid twice
        plan.setLimits(CallLimits.newBuilder(plan.getLimits()).setPaidAttempts(2).build());
        assertThat(WorstCase.ofModel(plan)).isEqualTo(2 * (117 + 262 + 408 + 384) * 1_000L);

        // When nothing but three retries bound them
        plan.setLimits(CallLimits.newBuilder(plan.getLimits()).setPaidAttempts(null).build());
        assertThat(WorstCase.ofModel(plan)).isEqualTo(4 * (117 + 262 + 408 + 384) * 1_000L);

        // When the price is not known
        plan.setLimits(DispatcherFixture.limits());
        assertThat(WorstCase.ofModel(plan)).isNull();
    }

    @Test
    void textsBeyondAsciiMayTakeATokenForEachByte() {
        assertThat(WorstCase.tokens("abcdef")).isEqualTo(2);
        assertThat(WorstCase.tokens("äöü")).isEqualTo(6);
        assertThat(WorstCase.tokens("")).isZero();
    }
}

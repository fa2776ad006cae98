package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import kr.kisgateway.client.SessionPlan.Group;
import kr.kisgateway.client.SessionPlan.Window;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

@Requirement("I-02")
class SessionPlanTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Test
    @Requirement(value = "I-02", clause = "change")
    void korea_is_open_from_half_past_eight_and_overseas_from_half_past_four() {
        SessionPlan plan = SessionPlan.alternating();
        assertThat(plan.open(kst("2026-11-20", "08:29:59"))).containsExactly(Group.OVERSEAS);
        assertThat(plan.open(kst("2026-11-20", "08:30:00"))).containsExactly(Group.DOMESTIC);
        assertThat(plan.open(kst("2026-11-20", "16:29:59"))).containsExactly(Group.DOMESTIC);
        assertThat(plan.open(kst("2026-11-20", "16:30:00"))).containsExactly(Group.OVERSEAS);
        assertThat(plan.open(kst("2026-11-20", "00:00:00"))).containsExactly(Group.OVERSEAS);
        assertThat(plan.nextChange(kst("2026-11-20", "16:30:00"))).contains(kst("2026-11-21", "08:30:00"));
        assertThat(plan.concurrentGroups()).containsExactlyInAnyOrder(Set.of(Group.DOMESTIC), Set.of(Group.OVERSEAS));
    }

    @Test
    @Requirement(value = "I-02", clause = "after-market")
    void korea_may_be_open_until_the_after_market_ends() {
        SessionPlan plan = SessionPlan.alternating(LocalTime.of(8, 0), LocalTime.of(20, 0));
        assertThat(plan.open(kst("2026-11-20", "19:59:59"))).containsExactly(Group.DOMESTIC);
        assertThat(plan.open(kst("2026-11-20", "20:00:00"))).containsExactly(Group.OVERSEAS);
        assertThat(plan.nextChange(kst("2026-11-20", "16:30:00"))).contains(kst("2026-11-20", "20:00:00"));
    }

    @Test
    void the_default_plan_has_all_groups_all_day_and_never_changes() {
        SessionPlan plan = SessionPlan.always();
        assertThat(plan.open(kst("2026-11-20", "00:00:00"))).containsExactly(Group.DOMESTIC, Group.OVERSEAS);
        assertThat(plan.nextChange(kst("2026-11-20", "00:00:00"))).isEmpty();
        assertThat(plan.concurrentGroups()).containsExactly(Set.of(Group.DOMESTIC, Group.OVERSEAS));
    }

    @Test
    void new_york_s_regular_session_lies_in_the_overseas_window_on_every_day_of_summer_and_winter_time() {
        SessionPlan plan = SessionPlan.alternating();
        var openings = new HashSet<LocalTime>();
        for (LocalDate day = LocalDate.of(2024, 1, 1); day.getYear() < 2029; day = day.plusDays(1)) {
            Instant open = day.atTime(9, 30).atZone(NEW_YORK).toInstant();
            Instant close = day.atTime(16, 0).atZone(NEW_YORK).toInstant();
            openings.add(open.atZone(TradingCalendar.SEOUL).toLocalTime());
            assertThat(plan.open(open)).containsExactly(Group.OVERSEAS);
            assertThat(plan.nextChange(open).orElseThrow()).isAfter(close);
        }
        assertThat(openings).containsExactlyInAnyOrder(LocalTime.of(22, 30), LocalTime.of(23, 30));
    }

    @Test
    void two_app_keys_have_one_group_each_all_day_and_a_single_key_has_the_plan() {
        SessionPlan plan = SessionPlan.alternating();
        assertThat(plan.splitAcross(1)).containsExactly(plan);
        List<SessionPlan> two = plan.splitAcross(2);
        assertThat(two).hasSize(2);
        Instant now = kst("2026-11-20", "03:00:00");
        assertThat(two.get(0).open(now)).containsExactly(Group.DOMESTIC);
        assertThat(two.get(1).open(now)).containsExactly(Group.OVERSEAS);
        assertThat(two).allSatisfy(each -> assertThat(each.nextChange(now)).isEmpty());
        assertThat(plan.splitAcross(3)).hasSize(3);
        assertThatIllegalArgumentException().isThrownBy(() -> plan.splitAcross(0));
    }

    @Property(tries = 300)
    void the_next_change_is_the_first_instant_at_which_something_else_is_open(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        SessionPlan plan = new SessionPlan(List.of(
                new Window(Group.DOMESTIC, time(random), time(random)),
                new Window(Group.OVERSEAS, time(random), time(random)),
                new Window(random.nextBoolean() ? Group.DOMESTIC : Group.OVERSEAS, time(random), time(random))));
        Instant now = Instant.parse("2025-12-01T00:00:00Z").plusSeconds(random.nextLong(400L * 86_400));
        Set<Group> open = plan.open(now);
        assertThat(plan.concurrentGroups()).contains(open);
        Instant next = plan.nextChange(now).orElse(now.plus(Duration.ofDays(1)));
        for (Instant at = now; at.isBefore(next); at = at.plusSeconds(60)) {
            assertThat(plan.open(at)).isEqualTo(open);
        }
        assertThat(plan.open(next.minusMillis(1))).isEqualTo(open);
        if (plan.nextChange(now).isPresent()) {
            assertThat(plan.open(next)).isNotEqualTo(open);
        }
    }

    @Test
    void the_overseas_group_is_the_catalogs_overseas_category() {
        Catalog.load()
                .realtimeTrs()
                .forEach(tr -> assertThat(Group.of(new RealtimeKey(tr.trId(), "")) == Group.OVERSEAS)
                        .as(tr.trId())
                        .isEqualTo(tr.category().startsWith("overseas")
                                && !tr.trId().equals("H0GSCNI0")));
    }

    @Test
    void a_plan_without_windows_or_alternation_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SessionPlan(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> SessionPlan.alternating(LocalTime.NOON, LocalTime.NOON));
    }

    private static LocalTime time(SplittableRandom random) {
        return LocalTime.of(random.nextInt(24), 30 * random.nextInt(2));
    }

    private static Instant kst(String day, String time) {
        return LocalDate.parse(day)
                .atTime(LocalTime.parse(time))
                .atZone(TradingCalendar.SEOUL)
                .toInstant();
    }
}

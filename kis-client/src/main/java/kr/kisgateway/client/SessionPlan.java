package kr.kisgateway.client;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.RealtimeKey;

/**
 * When which registrations are on the socket, by the clock in Seoul, which has no summer time. KIS allows 41 a session
 * and one session an app key, and the Korean and the US day hardly overlap: so one app key can serve both, each in
 * its window, with the registrations exchanged at the change. Execution notices belong to every window.
 *
 * @param windows when which group is open; they may overlap, and then share the session's registrations. A group without any
 *     window cannot be registered
 */
public record SessionPlan(List<Window> windows) {
    /** Registrations that change together. */
    public enum Group {
        /** Korean stocks, indices, derivatives, bonds. */
        DOMESTIC,
        /** Foreign stocks and derivatives. */
        OVERSEAS;

        /** The group of {@code key}; that of notices is irrelevant. */
        public static Group of(RealtimeKey key) {
            return key.trId().startsWith("HD") ? OVERSEAS : DOMESTIC;
        }
    }

    /**
     * A part of every day.
     *
     * @param group the group that is open in it
     * @param from KST, the first moment
     * @param until KST, the first moment after it; earlier than {@code from} it is on the next day, the same means all day
     */
    public record Window(Group group, LocalTime from, LocalTime until) {
        boolean contains(LocalTime time) {
            boolean hasStarted = !time.isBefore(from);
            boolean hasEnded = !time.isBefore(until);
            return from.equals(until) || (from.isBefore(until) ? hasStarted && !hasEnded : hasStarted || !hasEnded);
        }
    }

    private static final LocalTime MIDNIGHT = LocalTime.MIDNIGHT;

    public SessionPlan {
        windows = List.copyOf(windows);
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("a plan without a window would never register anything");
        }
    }

    /** Everything all day: no registration is exchanged. */
    public static SessionPlan always() {
        return new SessionPlan(List.of(allDay(Group.DOMESTIC), allDay(Group.OVERSEAS)));
    }

    /** Korea 08:30–16:30, overseas 16:30–08:30. The KRX after-market, to 20:00, is then left out. */
    public static SessionPlan alternating() {
        return alternating(LocalTime.of(8, 30), LocalTime.of(16, 30));
    }

    /** Korea from {@code open} until {@code close}, overseas the rest of the day. */
    public static SessionPlan alternating(LocalTime open, LocalTime close) {
        if (open.equals(close)) {
            throw new IllegalArgumentException("windows that start and end together never alternate");
        }
        return new SessionPlan(
                List.of(new Window(Group.DOMESTIC, open, close), new Window(Group.OVERSEAS, close, open)));
    }

    /**
     * The plans of {@code appKeys} sessions that together serve this one: with one key it is this plan, with more each
     * session has one group all day, in turn, and nothing is exchanged.
     */
    public List<SessionPlan> splitAcross(int appKeys) {
        List<Group> groups =
                windows.stream().map(Window::group).distinct().sorted().toList();
        if (appKeys < 1) {
            throw new IllegalArgumentException("a plan is shared by one app key at least");
        }
        if (appKeys < groups.size()) {
            return List.of(this);
        }
        return Stream.iterate(0, i -> i < appKeys, i -> i + 1)
                .map(i -> new SessionPlan(List.of(allDay(groups.get(i % groups.size())))))
                .toList();
    }

    /** The groups open at {@code now}. */
    public Set<Group> open(Instant now) {
        return open(now.atZone(TradingCalendar.SEOUL).toLocalTime());
    }

    /** The groups with a window. */
    public Set<Group> servedGroups() {
        var groups = EnumSet.noneOf(Group.class);
        windows.forEach(window -> groups.add(window.group()));
        return groups;
    }

    /** Every set of groups that is open together at some time of the day. */
    public List<Set<Group>> concurrentGroups() {
        return boundaries().map(this::open).distinct().toList();
    }

    /** The first instant after {@code now} at which other groups are open; empty when that never changes. */
    public Optional<Instant> nextChange(Instant now) {
        ZonedDateTime nowInSeoul = now.atZone(TradingCalendar.SEOUL);
        Set<Group> open = open(nowInSeoul.toLocalTime());
        return Stream.of(nowInSeoul.toLocalDate(), nowInSeoul.toLocalDate().plusDays(1))
                .flatMap(day -> boundaries().map(time -> day.atTime(time).atZone(TradingCalendar.SEOUL)))
                .map(ZonedDateTime::toInstant)
                .filter(at -> at.isAfter(now) && !open(at).equals(open))
                .min(Comparator.naturalOrder());
    }

    private Set<Group> open(LocalTime time) {
        var groups = EnumSet.noneOf(Group.class);
        for (Window window : windows) {
            if (window.contains(time)) {
                groups.add(window.group());
            }
        }
        return groups;
    }

    private Stream<LocalTime> boundaries() {
        return windows.stream()
                .flatMap(window -> Arrays.stream(new LocalTime[] {window.from(), window.until()}))
                .distinct();
    }

    private static Window allDay(Group group) {
        return new Window(group, MIDNIGHT, MIDNIGHT);
    }
}

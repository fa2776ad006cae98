package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;

/**
 * The time window of a US session: its first instant is included, its last is not.
 *
 * @param date the New York date whose trading it belongs to: its day market comes before New York's midnight, its after
 *     market may end after Seoul's
 * @param until the far future where the end is undefined
 */
public record UsWindow(UsSession session, LocalDate date, Instant from, Instant until) {}

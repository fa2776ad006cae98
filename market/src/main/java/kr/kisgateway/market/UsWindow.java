package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;

/**
 * A stretch of time in which a US session lasts: from its first instant to the first that it no longer owns.
 *
 * @param date the New York date whose trading it belongs to: its day market comes before New York's midnight, its after
 *     market may end after Seoul's
 * @param until the far future where the end is not known beforehand
 */
public record UsWindow(UsSession session, LocalDate date, Instant from, Instant until) {}

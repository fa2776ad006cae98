package kr.kisgateway.gateway.journal;

import java.time.Instant;
import java.time.LocalDate;

/**
 * One event as stored in the journal.
 *
 * @param stream the alias of the account of this history
 * @param seq position in the stream, from 1, without holes
 * @param at when it was decided, to the microsecond
 * @param tradingDay the business date it counts for
 * @param type name of the event
 * @param version version of the payload's form
 * @param fence number of the ownership that wrote it; it rises with every start
 * @param subject what it is about: the order id
 * @param payload the event as one JSON object
 */
public record JournalEntry(
        String stream,
        long seq,
        Instant at,
        LocalDate tradingDay,
        String type,
        int version,
        long fence,
        String subject,
        String payload) {}

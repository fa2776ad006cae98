package kr.kisgateway.gateway.instrument;

import java.time.LocalDate;

/**
 * Source of a line of the listing.
 *
 * @param date day of the list: in Seoul, when the file was downloaded; of the shipped list, the day of its closes
 */
public record Origin(Source source, LocalDate date) {
    /** The kinds of lists, best first. */
    public enum Source {
        /** Today's master file of the broker. */
        MASTER("master"),
        /** The last good master file, because a newer one is not available (yet). */
        CACHED("kept"),
        /** The list shipped with the program. */
        SHIPPED("shipped");

        private final String wireName;

        Source(String wireName) {
            this.wireName = wireName;
        }

        /** The name in the API. */
        public String wireName() {
            return wireName;
        }
    }
}

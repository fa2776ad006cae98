package kr.kisgateway.gateway.instrument;

import java.time.LocalDate;

/**
 * Where a line of the listing came from.
 *
 * @param date the day of the list: in Seoul, when the file was downloaded; of the list shipped with the program, of its closes
 */
public record Origin(Source source, LocalDate date) {
    /** The kinds of lists, best first. */
    public enum Source {
        /** Today's master file of the broker. */
        MASTER("master"),
        /** The last good master file, because a newer one could not be had (yet). */
        CACHED("kept"),
        /** The list that comes with the program. */
        SHIPPED("shipped");

        private final String wireName;

        Source(String wireName) {
            this.wireName = wireName;
        }

        /** The word in the API. */
        public String wireName() {
            return wireName;
        }
    }
}

package kr.kisgateway.client;

/**
 * Why messages of a registration are lost.
 *
 * @param kind for programs
 * @param description for people, in a few words
 */
public record GapCause(Kind kind, String description) {
    /** The kinds of causes. */
    public enum Kind {
        /** The socket was closed, by KIS, by this program or on the way, and opened again. */
        RECONNECT,
        /** KIS sent nothing for so long that the socket counted as dead. */
        SILENCE,
        /** Another program opened a session with the same app key (OPSP8996). */
        APP_KEY_IN_USE,
        /** KIS dropped the registration, or refused to restore it; no further messages come. */
        REFUSED,
        /** The listener had stopped, and what waited for it was discarded. */
        LISTENER_RESET
    }

    /** The same gap after KIS has refused to restore the registration. */
    public GapCause thenRefused(String code) {
        return new GapCause(Kind.REFUSED, description + "; then refused: " + code);
    }

    @Override
    public String toString() {
        return description;
    }
}

package kr.kisgateway.client;

/** What became of asking for a registration. */
public enum RegisterAnswer {
    /** It will be sent to KIS; {@link KisListener#acked} tells when KIS has it. */
    REGISTERED,
    /** It was asked for before. */
    ALREADY_REGISTERED,
    /** All registrations of the session are taken. Nothing was changed. */
    FULL,
    /** KIS would surely refuse it, or paper lacks the TR. Nothing was changed. */
    REFUSED
}

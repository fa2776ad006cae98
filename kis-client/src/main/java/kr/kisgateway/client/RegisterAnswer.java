package kr.kisgateway.client;

/** The outcome of requesting a registration. */
public enum RegisterAnswer {
    /** It will be sent to KIS; {@link KisListener#acked} reports KIS's confirmation. */
    REGISTERED,
    /** It was registered before. */
    ALREADY_REGISTERED,
    /** All registrations of the session are in use. Nothing was changed. */
    FULL,
    /** KIS would surely refuse it, or paper does not offer the TR. Nothing was changed. */
    REFUSED
}

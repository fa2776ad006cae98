package kr.kisgateway.gateway.pool;

/** Hears how registrations fare at KIS. Called on the sockets' threads, must not block. */
public interface RegistrationListener {
    /** KIS has it. */
    void acked(Demand demand);

    /** KIS had it until the socket closed. */
    void lost(Demand demand);

    /** KIS does not take it. */
    void refused(Demand demand);
}

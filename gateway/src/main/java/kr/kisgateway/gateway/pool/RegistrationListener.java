package kr.kisgateway.gateway.pool;

/** Receives the state of registrations at KIS. Called on the sockets' threads, must not block. */
public interface RegistrationListener {
    /** KIS confirmed it. */
    void acked(Demand demand);

    /** The socket closed, and the registration with it. */
    void lost(Demand demand);

    /** KIS refused it. */
    void refused(Demand demand);
}

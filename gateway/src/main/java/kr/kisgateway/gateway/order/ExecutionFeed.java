package kr.kisgateway.gateway.order;

/** Execution notices as a broker pushes them. It exists before its listener and before its sockets are opened. */
public interface ExecutionFeed {
    /** Sets the one listener; to be called once, before the sockets are opened. */
    void attach(ExecutionListener listener);

    /** Receives the notices of the gateway's accounts. Called on the sockets' threads, must not block. */
    interface ExecutionListener {
        void received(Broker.Notice notice);

        /** Called whenever the notices are registered, first and again, so that fills can be requested. */
        void missed();
    }
}

/** The contract of the gateway: every request, answer, stream message and error code as a record. No I/O. */
module kr.kisgateway.api {
    requires static transitive org.jspecify;
    requires transitive tools.jackson.databind;
    requires transitive com.fasterxml.jackson.annotation;

    exports kr.kisgateway.api.access;
    exports kr.kisgateway.api.aegis;
    exports kr.kisgateway.api.alert;
    exports kr.kisgateway.api.audit;
    exports kr.kisgateway.api.bar;
    exports kr.kisgateway.api.batch;
    exports kr.kisgateway.api.call;
    exports kr.kisgateway.api.error;
    exports kr.kisgateway.api.face;
    exports kr.kisgateway.api.history;
    exports kr.kisgateway.api.instrument;
    exports kr.kisgateway.api.json;
    exports kr.kisgateway.api.log;
    exports kr.kisgateway.api.job;
    exports kr.kisgateway.api.market;
    exports kr.kisgateway.api.operations;
    exports kr.kisgateway.api.order;
    exports kr.kisgateway.api.orderbook;
    exports kr.kisgateway.api.parent;
    exports kr.kisgateway.api.portfolio;
    exports kr.kisgateway.api.quote;
    exports kr.kisgateway.api.risk;
    exports kr.kisgateway.api.schema;
    exports kr.kisgateway.api.session;
    exports kr.kisgateway.api.stream;
    exports kr.kisgateway.api.version;
    exports kr.kisgateway.api.webhook;
}

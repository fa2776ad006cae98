package kr.kisgateway.mcp;

/** Errors of the protocol, as JSON-RPC and the revision 2026-07-28 number them. */
enum RpcError {
    PARSE(-32700),
    INVALID_REQUEST(-32600),
    METHOD_NOT_FOUND(-32601),
    INVALID_PARAMS(-32602),
    INTERNAL(-32603),
    HEADER_MISMATCH(-32020),
    UNSUPPORTED_VERSION(-32022);

    private final int code;

    RpcError(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}

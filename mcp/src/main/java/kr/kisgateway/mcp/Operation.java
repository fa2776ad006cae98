package kr.kisgateway.mcp;

/**
 * An operation of the API.
 *
 * @param method of HTTP
 * @param path with its parameters in braces
 */
record Operation(String method, String path) {
    static Operation get(String path) {
        return new Operation("GET", path);
    }

    static Operation post(String path) {
        return new Operation("POST", path);
    }

    boolean isFor(ApiPort api) {
        return api.mayCall(method, path);
    }

    @Override
    public String toString() {
        return method + ' ' + path;
    }
}

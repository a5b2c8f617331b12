package dev.cdp.core.registry;

import dev.cdp.core.registry.RegistryRequest.Endpoint;

/**
 * What a server said.
 *
 * @param status the HTTP status
 * @param body the body as text
 * @param error what the body says of an error; the code is 0 where it says nothing that a registry would
 */
record RegistryAnswer(int status, String body, RegistryJson.ErrorBody error) {

    private static final int NOT_FOUND = 404;

    static RegistryAnswer of(int status, String body) {
        return new RegistryAnswer(status, body, status < 400 ? RegistryJson.ErrorBody.NONE : RegistryJson.error(body));
    }

    boolean ok() {
        return status == 200;
    }

    /** The registry knows no such subject, version or schema; a 404 of anybody else has no such code. */
    boolean unknown() {
        return status == NOT_FOUND && error.code() / 100 == NOT_FOUND;
    }

    /** The server has no such endpoint. */
    boolean noEndpoint() {
        return (status == NOT_FOUND || status == 405) && !unknown();
    }

    /** The registry will not take what was posted. */
    boolean refused() {
        return (status == 409 || status == 422) && error.code() != 0;
    }

    /** Throws unless it is an answer of a working registry. */
    void check(RegistryRequest<?> request) throws BrokenAnswerException {
        boolean fits = ok()
                || unknown()
                || (refused() && request.bodyOrNull() != null)
                || (noEndpoint() && request.endpoint() == Endpoint.SOME);
        if (fits) {
            return;
        }
        String found = "HTTP " + status;
        if (status == 401 || status == 403) {
            throw BrokenAnswerException.lasting(found + ": it does not let us in; check the credentials");
        }
        if (status >= 300 && status < 400) {
            throw BrokenAnswerException.lasting(
                    found + ": it sends us elsewhere, and redirects are not followed; name the final URL");
        }
        if (status == NOT_FOUND) {
            throw BrokenAnswerException.lasting(found + " without a registry's error code: check the URL's path"
                    + " (Apicurio's ends in /apis/ccompat/v7)");
        }
        String detail = error.code() == 0 ? "" : " (error code " + error.code() + ")";
        throw status >= 500 || status == 429 || status == 408
                ? BrokenAnswerException.passing(found + detail)
                : BrokenAnswerException.lasting(found + detail);
    }
}

package dev.cdp.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cdp.core.event.EventType;
import org.jspecify.annotations.Nullable;

/** The event of 20 fields and 1 KB as a Java object. Its names are spelled out, as the peers' mappers differ. */
@EventType("event_0")
record PageView(
        @JsonProperty("view_id") String viewId,
        @JsonProperty("event_type") String eventType,
        @JsonProperty("occurred_at") String occurredAt,
        @JsonProperty("session_id") String sessionId,
        @JsonProperty("actor") Actor actor,
        @JsonProperty("post") Post post,
        @JsonProperty("dwell_ms") int dwellMs,
        @JsonProperty("visible_share") double visibleShare,
        @JsonProperty("context") Context context) {

    record Actor(
            @JsonProperty("id") String id,
            @JsonProperty("signed_in") boolean signedIn,
            @JsonProperty("email") String email) {}

    record Post(
            @JsonProperty("id") String id,
            @JsonProperty("author_id") String authorId,
            @Nullable @JsonProperty("title") String title) {}

    record Context(
            @JsonProperty("page") Page page,
            @JsonProperty("device") Device device,
            @JsonProperty("locale") String locale,
            @JsonProperty("ip") String ip,
            @JsonProperty("geo") Geo geo) {}

    record Page(
            @JsonProperty("url") String url,
            @JsonProperty("referrer") String referrer) {}

    record Device(
            @JsonProperty("platform") String platform,
            @JsonProperty("user_agent") String userAgent,
            @JsonProperty("screen_width") int screenWidth) {}

    record Geo(
            @JsonProperty("country") String country,
            @JsonProperty("city") String city) {}
}

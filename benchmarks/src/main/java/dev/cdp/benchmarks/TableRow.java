package dev.cdp.benchmarks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** A row of the benchmark's table as client-v2 takes it: an object with a getter for each column. */
public final class TableRow {

    private static final ZonedDateTime LOADED_AT = Instant.EPOCH.atZone(ZoneOffset.UTC);

    private final PageView view;
    private final long offset;
    private final ZonedDateTime occurredAt;

    TableRow(PageView view, long offset) {
        this.view = view;
        this.offset = offset;
        this.occurredAt = Instant.parse(view.occurredAt()).atZone(ZoneOffset.UTC);
    }

    public String getEventId() {
        return view.viewId();
    }

    public ZonedDateTime getEventTime() {
        return occurredAt;
    }

    public long getEventVersion() {
        return 1;
    }

    public UUID getViewId() {
        return UUID.fromString(view.viewId());
    }

    public String getEventType() {
        return view.eventType();
    }

    public ZonedDateTime getOccurredAt() {
        return occurredAt;
    }

    public String getSessionId() {
        return view.sessionId();
    }

    public String getActorId() {
        return view.actor().id();
    }

    public Boolean getActorSignedIn() {
        return view.actor().signedIn();
    }

    public String getActorEmail() {
        return view.actor().email();
    }

    public UUID getPostId() {
        return UUID.fromString(view.post().id());
    }

    public String getPostAuthorId() {
        return view.post().authorId();
    }

    @Nullable
    public String getPostTitle() {
        return view.post().title();
    }

    public Long getDwellMs() {
        return (long) view.dwellMs();
    }

    public Double getVisibleShare() {
        return view.visibleShare();
    }

    public String getContextPageUrl() {
        return view.context().page().url();
    }

    public String getContextPageReferrer() {
        return view.context().page().referrer();
    }

    public String getContextDevicePlatform() {
        return view.context().device().platform();
    }

    public String getContextDeviceUserAgent() {
        return view.context().device().userAgent();
    }

    public Integer getContextDeviceScreenWidth() {
        return view.context().device().screenWidth();
    }

    public String getContextLocale() {
        return view.context().locale();
    }

    /** Of a literal, so that no name server is asked. */
    public InetAddress getContextIp() throws UnknownHostException {
        return InetAddress.getByName(view.context().ip());
    }

    public String getContextGeoCountry() {
        return view.context().geo().country();
    }

    public String getContextGeoCity() {
        return view.context().geo().city();
    }

    public Map<String, String> getUnknown() {
        return Map.of();
    }

    public String getTopic() {
        return PublishPeer.TOPIC;
    }

    public UUID getTopicId() {
        return RowPeer.TOPIC_ID;
    }

    public int getPartition() {
        return 0;
    }

    public long getOffset() {
        return offset;
    }

    public long getReplay() {
        return 0;
    }

    public ZonedDateTime getLoadedAt() {
        return LOADED_AT;
    }
}

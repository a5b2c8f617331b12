package dev.cdp.consumer.redrive;

/** Who is to read redriven records. */
public enum Audience {
    /** The consumer group that could not process them; others have processed them, or have letters of their own. */
    SAME_GROUP,
    /** Every group of the topic: where the group has been renamed, or does not use cdp. */
    EVERY_GROUP
}

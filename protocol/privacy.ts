/** How a running server is set to keep data, for the page “Privacy”. */
export type PrivacyFacts = {
  /** Messages that a room keeps, and their bytes. */
  messages: number;
  bytes: number;
  /** Days without a new entry after which a room is deleted. */
  roomDays: number;
  /** Days after its last visit that a browser stays the same visitor. */
  visitorDays: number;
  /** Days after its last visit that the rooms of a visitor that has written are remembered. */
  roomListDays: number;
  /** Days that a restricted network's digest is kept. */
  networkDays: number;
  /** The most reports that are kept. */
  reports: number;
  /** Days that the log of moderation is kept. */
  logDays: number;
  /** Whether anything outlives the process. */
  isLasting: boolean;
  /** Whether the log has the addresses of refused requests. */
  areAddressesLogged: boolean;
  /** Whether reports are also sent to a receiver of the owner's. */
  hasReceiver: boolean;
};

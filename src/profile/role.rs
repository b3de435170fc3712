//! What a document of a packet is for.

macro_rules! roles {
    ($($variant:ident $id:literal $doc:literal,)*) => {
        /// The part that a document plays. What it is called is the profile's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role {
            $(#[doc = $doc] $variant,)*
        }

        impl Role {
            /// Every role.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in a profile's `documents`.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }

            /// What such a document is, a few words.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => $doc,)*
                }
            }
        }
    };
}

roles! {
    Readme "readme" "the page that people read first",
    Checkpoint "checkpoint" "the state that work stopped at",
    MachineReport "machine_report" "the packet's own results, for machines",
    PacketManifest "packet_manifest" "what the packet says it holds and may decide",
    Commands "commands" "the gates that were run",
    Rerun "rerun" "what runs them again from a copy",
    ExitCodes "exit_codes" "how each gate ended",
    TargetLock "target_lock" "the clone that the rehearsal was held on",
    RehearsalEvidence "rehearsal_evidence" "the legs of the rehearsal",
    CloneRollback "clone_rollback" "states before, during and after on the clone",
    RollbackProof "rollback_proof" "what was taken back, and how it is known",
    Probes "probes" "bad inputs and what became of each",
    Validator "validator" "the validator itself, a program",
    ValidatorRuns "validator_runs" "the validator's self-test and its controls",
    CloneProvenance "clone_provenance" "where clones came from and which may be used",
    SchemaCompatibility "schema_compatibility" "what production has that a clone must have",
    Preflight "preflight" "digests of earlier artifacts that this packet builds on",
    ForbiddenSurfaces "forbidden_surfaces" "what must not be touched, and was not",
    ToolCalls "tool_calls" "the tools that were called",
    Gate "gate" "the design of the gate in continuous integration",
    CiUnknowns "ci_unknowns" "what is not known of continuous integration",
    Blockers "blockers" "what still keeps production closed",
    Decision "decision" "the options and the default",
    OwnerDecision "owner_decision" "the form that the owner signs",
    DelegationLock "delegation_lock" "what was delegated, for which lane",
    Preconditions "preconditions" "what must hold before execution",
    Reservations "reservations" "ranges of governance objects",
    RegistryObjects "registry_objects" "the objects that the canonical registry holds, as text",
    Plan "plan" "the steps in their order",
    RehearsalPlan "rehearsal_plan" "the steps of the rehearsal in their order",
    ScopeLock "scope_lock" "what may be changed",
    Review "review" "the review after execution",
    SelfCheck "self_check" "the packet's list of its own claims",
}

impl Role {
    /// The role with that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.id() == id)
    }
}

//! The values that a profile may hold: what they are called, what they look
//! like, and what they are for.

use super::shape::{Column, Shape};

use Shape::{Count, Digest, Flag, Globs, Groups, Rows, Texts, Word, Words};

macro_rules! keys {
    ($($variant:ident $id:literal $shape:expr, $doc:literal;)*) => {
        /// A value of a profile.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key {
            $(#[doc = $doc] $variant,)*
        }

        impl Key {
            /// Every key.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in a profile's `values`.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }

            /// What its value looks like.
            pub fn shape(self) -> Shape {
                match self {
                    $(Self::$variant => $shape,)*
                }
            }

            /// What it is for, a sentence without a full stop.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => $doc,)*
                }
            }
        }
    };
}

const PIN: &[Column] = &[
    Column::due("name", &Word),
    Column::due("sha256", &Digest),
    Column::optional("size", &Count),
    Column::optional("domain", &Word),
];

const PROBE: &[Column] = &[
    Column::due("name", &Word),
    Column::due("suite", &Word),
    Column::optional("spellings", &Words),
    Column::due("document", &Word),
    Column::due("pointer", &Word),
    Column::due("mutation", &Word),
    Column::due("check", &Word),
    Column::due("code", &Word),
    Column::optional("reject_codes", &Words),
];

const ENTITY: &[Column] = &[Column::due("name", &Word), Column::optional("spellings", &Words)];

const LEG: &[Column] = &[
    Column::due("name", &Word),
    Column::due("kind", &Word),
    Column::optional("fields", &Words),
    Column::optional("entry", &Word),
];

const RANGE: &[Column] = &[
    Column::due("name", &Word),
    Column::due("prefix", &Word),
    Column::due("first", &Count),
    Column::due("last", &Count),
    Column::optional("ceiling", &Count),
    Column::due("state", &Word),
];

const STEP: &[Column] = &[
    Column::due("name", &Word),
    Column::due("summary", &Word),
    Column::optional("publishes", &Flag),
    Column::optional("gate", &Flag),
];

const SELF_CHECK: &[Column] = &[Column::due("name", &Word), Column::due("check", &Word)];

const BACKED: &[Column] = &[Column::due("name", &Word), Column::due("pins", &Words)];

const REGISTRY: &[Column] = &[Column::due("name", &Word), Column::due("revision", &Word)];

keys! {
    RecognizedBy "recognized_by" Words, "names of documents of which two together tell the profile";
    RecognizedWords "recognized_words" Words, "words of which a document that states one tells the profile as a name does; `*` stands for any ending";
    Spellings "spellings" Groups, "other names of fields, by `field` or by `document.field`";
    Pins "pins" Rows(PIN), "digests of artifacts that are the same everywhere";
    Trees "trees" Rows(PIN), "digests of the manifests of earlier packets";
    DisplayedTrees "displayed_trees" Texts, "abbreviated trees, which are shown and prove nothing";
    ValidatorPin "validator_pin" Word, "the one of `pins` that the validator must have";
    NotAvailable "not_available" Words, "states that stand for nothing to look at";
    RehearsalScope "rehearsal_scope" Words, "scopes that a rehearsal may state";
    RehearsalLegs "rehearsal_legs" Rows(LEG), "the legs that a rehearsal has";
    ProvenStatus "proven_status" Words, "values of `rollback_proof_status` that claim a proof";
    UnprovenStatus "unproven_status" Words, "values of `rollback_proof_status` that claim none";
    ProductionRollback "production_rollback" Words, "values that `production_rollback_status` may have";
    PacketAuthority "packet_authority" Words, "what a packet may say of its own `authority`: that it has none";
    RunResults "run_results" Words, "results that recorded runs end with, as the packet spells them";
    ProbeClasses "probe_classes" Rows(PROBE), "classes of bad input, by suite, and what each does";
    ProbeInjections "probe_injections" Texts, "by `suite.name` of a class, how a self-test makes its bad input";
    ProbeRejects "probe_rejects" Words, "what a probe `must` do when its input is bad";
    ProbeAllows "probe_allows" Words, "what a control `must` do";
    ProbeSuites "probe_suites" Groups, "by the ending of a final status, the suites of bad input that are due";
    ProbeControls "probe_controls" Words, "classes of probes that must be let through";
    ProbeVerdict "probe_verdict" Words, "verdicts that say that all probes were refused";
    NegativeControlCode "negative_control_code" Word, "the code that the negative control must be refused with";
    ValidatorRuns "validator_runs" Groups, "the runs of the gate driver and how each must end";
    ForbiddenContacts "forbidden_contacts" Words, "what a clone must have no contact with";
    CloneValues "clone_values" Words, "words that may stand for a boolean in clone tables";
    CloneVerdicts "clone_verdicts" Words, "verdicts that say that a clone may be used";
    TargetKinds "target_kinds" Words, "what a target lock may call its target";
    TemporaryRoots "temporary_roots" Words, "folders that a temporary clone lies under";
    NoCloneVerdicts "no_clone_verdicts" Words, "verdicts that say that there is no usable clone";
    Entities "entities" Rows(ENTITY), "entities that the schema must specify";
    NoCloneSchemaVerdicts "no_clone_schema_verdicts" Words, "schema verdicts that are due without a clone";
    SchemaVerdicts "schema_verdicts" Words, "schema verdicts that are due with a clone";
    Surfaces "surfaces" Groups, "surfaces that must be proven untouched, each with its spellings";
    SurfaceStates "surface_states" Words, "states of a surface that was not touched";
    FalseFlags "false_flags" Words, "fields of the machine report that must be `false`";
    AllowedTools "allowed_tools" Words, "tools that may be called";
    ForbiddenTools "forbidden_tools" Words, "tools that must not be called; `*` stands for any ending";
    AllowedPaths "allowed_paths" Globs, "paths that allowed tools may be called on";
    RawDomains "raw_domains" Words, "domains of digests that mean raw bytes";
    ReportSources "report_sources" Words, "sources of a pin that are reports and not bytes";
    BackedFlags "backed_flags" Rows(BACKED), "flags that may be `true` when one of these pins was recomputed";
    GateStates "gate_states" Words, "states of a gate that is designed and no more";
    Blockers "blockers" Words, "the blockers of production";
    OpenStates "open_states" Words, "states of a blocker that is still open";
    ClosedStates "closed_states" Words, "states of a blocker that is closed";
    DecisionDefaults "decision_defaults" Words, "defaults that a decision may have; `*` stands for any ending";
    DecisionOptions "decision_options" Words, "the options of a decision, each listed once";
    ExecutionOption "execution_option" Word, "the option that needs every blocker closed";
    UnauthorizedStates "unauthorized_states" Words, "states of an execution that nobody authorized";
    AuthorizedStates "authorized_states" Words, "states of an execution that somebody authorized";
    UnsignedStates "unsigned_states" Words, "what stands for a signature that was not given";
    MetStates "met_states" Words, "states of a precondition that is met";
    UnmetStates "unmet_states" Words, "states of a precondition that is not met or not known";
    ConsumedVerdicts "consumed_verdicts" Words, "verdicts on a delegation that this lane used";
    UnconsumedVerdicts "unconsumed_verdicts" Words, "verdicts on a delegation that this lane did not use";
    Delegations "delegations" Words, "delegations, each of which belongs to one lane";
    NoAuthority "no_authority" Words, "pins that are never authority by themselves";
    Ranges "ranges" Rows(RANGE), "ranges of governance objects";
    ReservationStates "reservation_states" Words, "states of a range that is reserved and no more";
    ApplyNow "apply_now" Words, "values of `APPLY_NOW` that leave a reservation alone";
    ReservationCeiling "reservation_ceiling" Count, "the last object that is reserved";
    FoldMaximum "fold_maximum" Count, "the last object that is folded";
    Registry "registry" Rows(REGISTRY), "registry documents whose revision stays";
    Steps "steps" Rows(STEP), "the steps of the plan in their order";
    RehearsalSteps "rehearsal_steps" Rows(STEP), "the steps of the rehearsal's plan in their order";
    ForbiddenSteps "forbidden_steps" Words, "steps that no plan may allow";
    UndoneStates "undone_states" Words, "states of a step that was not carried out";
    MutationsAllowed "mutations_allowed" Words, "the only mutations that may be made";
    AdditiveMutations "additive_mutations" Words, "mutations before and after which there is nothing: `ABSENT`, a digest, `ABSENT`";
    MutationTypes "mutation_types" Words, "types that an allowed mutation may have";
    MutationRisks "mutation_risks" Words, "first words of a risk to production that an allowed mutation may have";
    MutatingTools "mutating_tools" Words, "tools of which every call makes a mutation; `*` stands for any ending";
    SurfacesAllowed "surfaces_allowed" Words, "mutation surfaces that may be allowed; any other is forbidden";
    SurfacesExcluded "surfaces_excluded" Words, "mutation surfaces that are left out";
    SurfacesForbidden "surfaces_forbidden" Words, "mutation surfaces that are forbidden";
    ForbiddenEnvironments "forbidden_environments" Words, "words that name an environment in which nothing may be changed";
    ReviewItems "review_items" Words, "the items of the review, each once";
    PassedResults "passed_results" Words, "results of an item that hold";
    FailedResults "failed_results" Words, "results of an item that do not hold";
    ReservedTokens "reserved_tokens" Words, "words that no packet may grant itself";
    ReservedSubjects "reserved_subjects" Words, "what words with a reserved ending must not be about";
    ReservedEndings "reserved_endings" Words, "endings of words that grant something";
    Overclaims "overclaims" Words, "words that claim more than any packet proves";
    OppositeWords "opposite_words" Words, "parts of a word by which it denies what the rest grants";
    DecisionFields "decision_fields" Words, "fields and labels that state a decision or a status; also as the end of a name";
    OutputFields "output_fields" Words, "fields that hold what a command printed";
    SearchedFields "searched_fields" Words, "fields that list the words that were searched for";
    Statuses "statuses" Words, "final statuses that are known";
    Claims "claims" Groups, "by the ending of a status, the checks that it makes required";
    SelfCheckItems "self_check_items" Rows(REGISTRY), "how many items a self-check has, by kind of packet";
    SelfChecks "self_checks" Rows(SELF_CHECK), "the check that each item of a self-check stands for";
    FileCounts "file_counts" Texts, "how many files a packet has, by kind";
}

impl Key {
    /// The key with that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.id() == id)
    }

    /// The names of all keys.
    pub fn ids() -> Vec<&'static str> {
        Self::ALL.iter().map(|key| key.id()).collect()
    }
}

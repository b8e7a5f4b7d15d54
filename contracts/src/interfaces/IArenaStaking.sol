// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Stakes gm tokens on (program, task, role), delegates them to operators, and slashes by cases.
/// @notice Program 0 is the arena of validated tasks. Roles: 0 trainer, 1 validator; later programs may use others.
interface IArenaStaking {
    /// @notice Where a stake stands.
    /// @param program 0 is the arena of validated tasks
    /// @param role 0 trainer, 1 validator
    /// @param task number of the task in its program
    struct Position {
        uint8 program;
        uint8 role;
        uint64 task;
    }

    /// @notice An operator's pool: own stake, what others delegated to it, its cut of what delegation earns.
    /// @param own the operator's own stake
    /// @param delegated delegations that count
    /// @param pending delegations that wait out their cool-down
    /// @param delegators accounts with a delegation that counts or is pending
    /// @param cutPpm the cut before the announced one counts
    /// @param nextCutPpm the last announced cut
    /// @param nextCutAt unix second from which the announced cut counts, 0 if none was ever announced
    /// @param openCases cases that are open or being carried out: nothing leaves the pool meanwhile
    struct Pool {
        uint128 own;
        uint128 delegated;
        uint128 pending;
        uint32 delegators;
        uint32 cutPpm;
        uint32 nextCutPpm;
        uint64 nextCutAt;
        uint64 openCases;
    }

    /// @notice What an account delegated to an operator.
    /// @param amount what counts
    /// @param pending what waits out its cool-down
    /// @param readyAt unix second from which `pending` can be withdrawn
    /// @param since unix second from which something has counted without a gap
    struct Delegation {
        uint128 amount;
        uint128 pending;
        uint64 readyAt;
        uint64 since;
    }

    /// @notice How far a case is.
    enum CaseStatus {
        None,
        Open,
        Slashing,
        Closed,
        Dismissed
    }

    /// @notice An accusation of an operator, and what becomes of it.
    /// @param status how far it is
    /// @param program of the stake
    /// @param role of the stake
    /// @param task of the stake
    /// @param account the accused operator
    /// @param ppm part of the operator's own stake that is to burn
    /// @param delegationPpm part of each delegation that is to burn, never more than `ppm`
    /// @param executableAt unix second at which the time to appeal ends
    /// @param expiresAt unix second from which it can't be carried out any more and anybody may dismiss it
    /// @param delegatorsLeft delegators still to be slashed
    /// @param reporter receives its share of what is slashed; 0 for none
    /// @param evidenceHash hash of the evidence bundle
    struct Case {
        CaseStatus status;
        uint8 program;
        uint8 role;
        uint64 task;
        address account;
        uint32 ppm;
        uint32 delegationPpm;
        uint64 executableAt;
        uint64 expiresAt;
        uint32 delegatorsLeft;
        address reporter;
        bytes32 evidenceHash;
    }

    /// @notice What the timelock may set, within bounds. Times are in seconds, ratios in parts per million.
    /// @param exitDelay between a task's end and the first withdrawal of stake; taken over by a task with its first stake
    /// @param freezeWindow before submissions close, from which delegations and cuts stand still; taken over likewise
    /// @param undelegationCooldown between undelegating and withdrawing
    /// @param cutCooldown between announcing a cut and its effect
    /// @param appealWindow between opening a case and carrying it out
    /// @param caseLifetime after which a case can't be carried out any more; longer than the time to appeal
    /// @param minCutPpm lowest cut
    /// @param maxCutPpm highest cut
    /// @param defaultCutPpm cut of a pool that has announced none
    /// @param reporterSharePpm part of what is slashed that goes to the reporter
    /// @param minimumDelegation smallest delegation to one operator
    struct Parameters {
        uint32 exitDelay;
        uint32 freezeWindow;
        uint32 undelegationCooldown;
        uint32 cutCooldown;
        uint32 appealWindow;
        uint32 caseLifetime;
        uint32 minCutPpm;
        uint32 maxCutPpm;
        uint32 defaultCutPpm;
        uint32 reporterSharePpm;
        uint128 minimumDelegation;
    }

    /// @notice The program has no source of tasks.
    error UnknownProgram(uint8 program);
    /// @notice The task takes no stakes now, or the stake no cases any more.
    error StakingClosed(uint8 program, uint64 task);
    /// @notice Stake stays until the task has ended.
    error TaskNotEnded(uint8 program, uint64 task);
    /// @notice Stake stays until the exit delay is over.
    error ExitDelayed(uint64 until);
    /// @notice What would be staked or delegated is less than the minimum.
    error BelowMinimum(uint256 total, uint256 minimum);
    /// @notice The account has another role on this task, and keeps it.
    error OtherRole(uint8 held);
    /// @notice More was asked for than is there.
    error NotEnoughStaked(uint256 held, uint256 asked);
    /// @notice Nothing moves in the pool of this operator while a case on it is open.
    error CaseOpen(address account);
    /// @notice The account has no own stake here.
    error NoOperator(address operator);
    /// @notice Own stake is staked, not delegated.
    error SelfDelegation();
    /// @notice Delegations and cuts stand still from this unix second until the task has ended.
    error Frozen(uint64 since);
    /// @notice The cut is not within its bounds.
    error CutOutOfBounds(uint32 cutPpm, uint32 minimum, uint32 maximum);
    /// @notice Nothing is pending, or it is ready later.
    error NothingReady(uint64 readyAt);
    /// @notice There is no such case.
    error UnknownCase(bytes32 caseId);
    /// @notice The id is taken.
    error CaseExists(bytes32 caseId);
    /// @notice Not possible while the case is where it is.
    error WrongCaseStatus(bytes32 caseId, CaseStatus status);
    /// @notice The time to appeal runs until this unix second.
    error TooEarly(uint64 at);
    /// @notice The case could be carried out until this unix second.
    error TooLate(uint64 at);
    /// @notice A rate over one, or of delegators over the operator's.
    error RateTooHigh(uint32 ppm);
    /// @notice The account has delegated nothing to the operator.
    error NotDelegator(address account);
    /// @notice The case has slashed this delegator already.
    error AlreadySlashed(bytes32 caseId, address account);
    /// @notice An amount or rate must not be zero.
    error ZeroAmount();
    /// @notice An address must not be zero.
    error ZeroAddress();
    /// @notice The parameter of this name is out of its bounds.
    error ParameterOutOfBounds(string name);

    /// @notice `delta` and new total of an account's own stake.
    event StakeChanged(
        uint64 indexed task, address indexed account, uint8 program, uint8 role, int256 delta, uint256 total
    );
    /// @notice `account` is the delegator; delta and total are of its delegation to this operator.
    event DelegationChanged(
        uint64 indexed task,
        address indexed account,
        address indexed operator,
        uint8 program,
        uint8 role,
        int256 delta,
        uint256 total
    );
    /// @notice What waits out its cool-down: the new total and from when on it can be withdrawn.
    event UndelegationChanged(
        uint64 indexed task,
        address indexed account,
        address indexed operator,
        uint8 program,
        uint8 role,
        int256 delta,
        uint256 total,
        uint64 readyAt
    );
    /// @notice The operator's cut is this from `effectiveAt` on; unless it announces another one before.
    event CutChanged(
        uint64 indexed task, address indexed operator, uint8 program, uint8 role, uint32 cutPpm, uint64 effectiveAt
    );
    /// @notice The operator's pool stands still, and may be slashed by these rates from `executableAt` on.
    event CaseOpened(
        bytes32 indexed caseId,
        uint64 indexed task,
        address indexed account,
        uint8 program,
        uint8 role,
        uint32 ppm,
        uint32 delegationPpm,
        bytes32 evidenceHash,
        address reporter,
        uint64 executableAt
    );
    /// @notice The case ended without a slash.
    event CaseDismissed(bytes32 indexed caseId, uint64 indexed task, address indexed account);
    /// @notice `gm` were burned, `released` tokens left the locks of `account` (the operator or one of its delegators).
    event Slashed(
        bytes32 indexed caseId,
        uint64 indexed task,
        address indexed account,
        uint256 gm,
        uint256 released,
        uint256 reporterShare
    );
    /// @notice The case was carried out.
    event CaseClosed(bytes32 indexed caseId, uint64 indexed task, address indexed account);
    /// @notice The source of the tasks of a program, for tasks that have no stake yet.
    event ProgramSet(uint8 indexed program, address source);
    /// @notice The least stake of a role in a program.
    event MinimumSet(uint8 indexed program, uint8 indexed role, uint256 amount);
    /// @notice The parameters from now on. Nothing that runs already becomes longer by them.
    event ParametersSet(Parameters parameters);

    /// @notice Stakes `amount` of the caller's gm tokens (approved before).
    function stake(uint8 program, uint64 task, uint8 role, uint128 amount) external;

    /// @notice Takes stake back after the task has ended, the exit delay has passed and no case is open.
    function unstake(uint8 program, uint64 task, uint8 role, uint128 amount) external;

    /// @notice Delegates `amount` of the caller's gm tokens (approved before) to an operator with own stake.
    function delegate(uint8 program, uint64 task, uint8 role, address operator, uint128 amount) external;

    /// @notice Moves a delegation into its cool-down; a later call adds to it and starts the cool-down anew.
    function undelegate(uint8 program, uint64 task, uint8 role, address operator, uint128 amount) external;

    /// @notice Takes what has cooled down.
    function withdrawDelegation(uint8 program, uint64 task, uint8 role, address operator) external;

    /// @notice Announces the operator's cut of what delegation earns; it counts after the cool-down.
    function setCut(uint8 program, uint64 task, uint8 role, uint32 cutPpm) external;

    /// @notice Accuses an operator and keeps its pool still; by a case officer, until the exit delay of the stake is over.
    function openCase(
        bytes32 caseId,
        Position calldata position,
        address account,
        uint32 ppm,
        uint32 delegationPpm,
        bytes32 evidenceHash,
        address reporter
    ) external;

    /// @notice Ends a case without a slash: by a case officer; by anybody once it has expired.
    function dismissCase(bytes32 caseId) external;

    /// @notice Carries a case out between the time to appeal and its expiry: the operator's own stake first. By a case
    /// officer.
    function slash(bytes32 caseId) external;

    /// @notice Slashes these delegators of a case that names a rate for them, pro rata; it closes with the last one.
    /// By a case officer; by anybody once the case has expired, so that no delegation waits for ever.
    function slashDelegators(bytes32 caseId, address[] calldata delegators) external;

    /// @notice Own stake of an account.
    function stakeOf(uint8 program, uint64 task, uint8 role, address account) external view returns (uint128);
    /// @notice What `account` delegated to `operator`.
    function delegationOf(uint8 program, uint64 task, uint8 role, address account, address operator)
        external
        view
        returns (Delegation memory);
    /// @notice An operator's pool.
    function poolOf(uint8 program, uint64 task, uint8 role, address operator) external view returns (Pool memory);
    /// @notice A case; all zeros for an unknown one.
    function caseOf(bytes32 caseId) external view returns (Case memory);
    /// @notice The operator's cut that counts at this moment.
    function cutOf(uint8 program, uint64 task, uint8 role, address operator) external view returns (uint32);
    /// @notice Whether the account holds a stake of this role on the task.
    function hasRole(uint8 program, uint64 task, uint8 role, address account) external view returns (bool);

    /// @notice Names where the tasks of a program come from; by the admin. Tasks that have a stake keep their source.
    function setProgram(uint8 program, address source) external;
    /// @notice Sets the least stake of a role in a program; by the admin. It counts for stakes from now on.
    function setMinimum(uint8 program, uint8 role, uint128 amount) external;
    /// @notice Sets the parameters, within their bounds; by the admin.
    function setParameters(Parameters calldata parameters_) external;

    /// @notice The parameters.
    function parameters() external view returns (Parameters memory);
    /// @notice Where the tasks of a program come from; 0 for an unknown program.
    function sourceOf(uint8 program) external view returns (address);
    /// @notice The least stake of a role in a program.
    function minimumOf(uint8 program, uint8 role) external view returns (uint128);
}

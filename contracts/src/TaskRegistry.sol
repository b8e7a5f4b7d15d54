// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IRewardDistributor} from "./interfaces/IRewardDistributor.sol";
import {ITaskRegistry, ITaskSource} from "./interfaces/ITaskRegistry.sol";

/// @title The arena's tasks on chain: their commitments, their times, their bounties.
/// @notice A task only moves forward: created, verified, opened, then finalised or cancelled. What it is in between
/// (scheduled, in submission, in its final phase, awaiting its ranking) follows from its times alone.
/// @dev Every path out of the escrow of a bounty is open to somebody at any time: a bounty that funds cannot reach the
/// distributor goes back to its creator once the task is cancelled, and anybody may cancel an abandoned task.
/// Tokens sent here other than by `create` and `raiseBounty` belong to no task and stay.
contract TaskRegistry is ITaskRegistry, AccessControl, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Creates, verifies, opens, extends and cancels tasks.
    bytes32 public constant TASK_ADMIN_ROLE = keccak256("TASK_ADMIN_ROLE");
    /// @notice Finalises tasks: the rewards service.
    bytes32 public constant FINALISER_ROLE = keccak256("FINALISER_ROLE");
    /// @notice No step of a task may be further away than this, so that no stake and no bounty waits for ever.
    uint64 public constant MAX_TERM = 730 days;
    /// @notice The largest number that the arena's API gives a task.
    uint64 public constant MAX_TASK = 2 ** 31 - 1;

    /// @notice The token in which bounties are paid.
    IERC20 public immutable TOKEN;
    /// @notice Receives the bounties of ranked tasks.
    IRewardDistributor public immutable DISTRIBUTOR;
    /// @notice How long after its final phase a task may wait for its ranking before anybody may cancel it.
    uint64 public immutable ABANDON_GRACE;

    /// @notice The tasks by their numbers.
    mapping(uint64 task => Task) private _tasks;

    /// @inheritdoc ITaskRegistry
    mapping(uint64 task => uint64) public override abandonedAt;

    /// @notice Names the admin of the roles, the token, and where bounties go.
    /// @param admin grants and revokes the roles: the timelock
    /// @param token the token of the bounties; one that takes a fee on transfers is refused when it does
    /// @param distributor receives the bounties of ranked tasks
    /// @param abandonGrace seconds after the final phase from which anybody may cancel; at most `MAX_TERM`
    constructor(address admin, IERC20 token, IRewardDistributor distributor, uint64 abandonGrace) {
        if (admin == address(0) || address(token) == address(0) || address(distributor) == address(0)) {
            revert ZeroAddress();
        }
        if (abandonGrace > MAX_TERM) revert GraceTooLong(abandonGrace, MAX_TERM);
        TOKEN = token;
        DISTRIBUTOR = distributor;
        ABANDON_GRACE = abandonGrace;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc ITaskRegistry
    function create(uint64 task, uint128 bounty) external onlyRole(TASK_ADMIN_ROLE) nonReentrant {
        // The distributor reads task 0 as "the arena", whose pot is nobody's bounty.
        if (task == 0 || task > MAX_TASK) revert BadTaskNumber();
        Task storage t = _tasks[task];
        if (t.status != Status.None) revert TaskExists(task);
        t.creator = msg.sender;
        t.status = Status.Created;
        t.bounty = bounty;
        abandonedAt[task] = uint64(block.timestamp) + MAX_TERM;
        emit TaskCreated(task, msg.sender, bounty);
        _escrow(bounty);
    }

    /// @inheritdoc ITaskRegistry
    function raiseBounty(uint64 task, uint128 amount) external nonReentrant {
        _require(task, Phase.Created, Phase.Submission);
        Task storage t = _tasks[task];
        if (msg.sender != t.creator) revert NotCreator(task);
        if (amount == 0) revert ZeroAmount();
        uint128 total = t.bounty + amount;
        t.bounty = total;
        emit BountyRaised(task, msg.sender, amount, total);
        _escrow(amount);
    }

    /// @inheritdoc ITaskRegistry
    function verify(uint64 task) external onlyRole(TASK_ADMIN_ROLE) {
        _require(task, Phase.Created, Phase.Created);
        _tasks[task].status = Status.Verified;
        abandonedAt[task] = uint64(block.timestamp) + MAX_TERM;
        emit TaskVerified(task);
    }

    /// @inheritdoc ITaskRegistry
    function open(uint64 task, bytes32 specHash, uint64 opensAt, uint64 closesAt_, uint64 finalEndsAt)
        external
        onlyRole(TASK_ADMIN_ROLE)
    {
        _require(task, Phase.Verified, Phase.Verified);
        if (specHash == 0) revert BadSpecHash();
        if (closesAt_ <= block.timestamp || opensAt > block.timestamp + MAX_TERM) {
            revert BadTimes(opensAt, closesAt_, finalEndsAt);
        }
        Task storage t = _tasks[task];
        t.status = Status.Opened;
        t.specHash = specHash;
        t.opensAt = opensAt;
        _setDeadlines(task, t, closesAt_, finalEndsAt);
        emit TaskOpened(task, specHash, opensAt, closesAt_, finalEndsAt);
    }

    /// @inheritdoc ITaskRegistry
    function extend(uint64 task, uint64 closesAt_, uint64 finalEndsAt) external onlyRole(TASK_ADMIN_ROLE) {
        Phase phase = _require(task, Phase.Scheduled, Phase.Final);
        Task storage t = _tasks[task];
        bool closesLater = closesAt_ > t.closesAt && phase != Phase.Final;
        bool endsLater = finalEndsAt > t.finalEndsAt;
        if (
            !(closesLater || closesAt_ == t.closesAt) || !(endsLater || finalEndsAt == t.finalEndsAt)
                || !(closesLater || endsLater)
        ) revert BadTimes(t.opensAt, closesAt_, finalEndsAt);
        _setDeadlines(task, t, closesAt_, finalEndsAt);
        emit TaskExtended(task, t.opensAt, closesAt_, finalEndsAt);
    }

    /// @inheritdoc ITaskRegistry
    function finalise(uint64 task, bytes32 rankingRoot) external onlyRole(FINALISER_ROLE) nonReentrant {
        _require(task, Phase.AwaitingRanking, Phase.AwaitingRanking);
        Task storage t = _tasks[task];
        t.rankingRoot = rankingRoot;
        uint256 bounty = _end(t, Status.Finalised);
        emit TaskFinalised(task, rankingRoot);
        if (rankingRoot == 0) {
            _refund(task, t.creator, bounty);
        } else if (bounty > 0) {
            emit BountyPaid(task, address(DISTRIBUTOR), bounty);
            TOKEN.forceApprove(address(DISTRIBUTOR), bounty);
            DISTRIBUTOR.fund(task, bounty);
        }
    }

    /// @inheritdoc ITaskRegistry
    function cancel(uint64 task) external onlyRole(TASK_ADMIN_ROLE) nonReentrant {
        _cancel(task);
    }

    /// @inheritdoc ITaskRegistry
    function cancelAbandoned(uint64 task) external nonReentrant {
        if (block.timestamp <= abandonedAt[task]) revert NotAbandoned(task, abandonedAt[task]);
        _cancel(task);
    }

    /// @inheritdoc ITaskRegistry
    function taskOf(uint64 task) external view returns (Task memory) {
        return _tasks[task];
    }

    /// @inheritdoc ITaskSource
    /// @dev From verification until the final phase ends: trainers stake before submissions close, but validators are
    /// still needed to score the final. Who may still take part in which role is not this contract's business.
    function acceptsStakes(uint64 task) external view returns (bool) {
        Phase phase = phaseOf(task);
        return phase >= Phase.Verified && phase <= Phase.Final;
    }

    /// @inheritdoc ITaskSource
    function endedAt(uint64 task) external view returns (uint64) {
        return _tasks[task].endedAt;
    }

    /// @inheritdoc ITaskSource
    function closesAt(uint64 task) external view returns (uint64) {
        return _tasks[task].closesAt;
    }

    /// @inheritdoc ITaskRegistry
    function phaseOf(uint64 task) public view returns (Phase) {
        Task storage t = _tasks[task];
        Status status = t.status;
        if (status == Status.Opened) {
            if (block.timestamp < t.opensAt) return Phase.Scheduled;
            if (block.timestamp < t.closesAt) return Phase.Submission;
            return block.timestamp < t.finalEndsAt ? Phase.Final : Phase.AwaitingRanking;
        }
        if (status == Status.Finalised) return Phase.Finalised;
        if (status == Status.Cancelled) return Phase.Cancelled;
        return Phase(uint8(status));
    }

    /// @notice Refuses a task that is not in one of these consecutive phases.
    function _require(uint64 task, Phase first, Phase last) private view returns (Phase phase) {
        phase = phaseOf(task);
        if (phase == Phase.None) revert UnknownTask(task);
        if (phase < first || phase > last) revert WrongPhase(task, phase);
    }

    /// @notice Sets the deadlines of a task whose `opensAt` is set, if they are in order and not too far away.
    function _setDeadlines(uint64 task, Task storage t, uint64 closesAt_, uint64 finalEndsAt) private {
        uint64 opensAt = t.opensAt;
        bool ordered = opensAt < closesAt_ && closesAt_ < finalEndsAt;
        if (!ordered || finalEndsAt > uint256(opensAt) + MAX_TERM) revert BadTimes(opensAt, closesAt_, finalEndsAt);
        t.closesAt = closesAt_;
        t.finalEndsAt = finalEndsAt;
        abandonedAt[task] = finalEndsAt + ABANDON_GRACE;
    }

    /// @notice Cancels a task that has not ended, and refunds its bounty.
    function _cancel(uint64 task) private {
        _require(task, Phase.Created, Phase.AwaitingRanking);
        Task storage t = _tasks[task];
        uint256 bounty = _end(t, Status.Cancelled);
        emit TaskCancelled(task);
        _refund(task, t.creator, bounty);
    }

    /// @notice Ends a task and takes its bounty out of the books, to be paid or refunded at once.
    function _end(Task storage t, Status status) private returns (uint256 bounty) {
        bounty = t.bounty;
        t.bounty = 0;
        t.status = status;
        t.endedAt = uint64(block.timestamp);
    }

    /// @notice Gives a bounty back to the creator.
    function _refund(uint64 task, address creator, uint256 bounty) private {
        if (bounty == 0) return;
        emit BountyRefunded(task, creator, bounty);
        TOKEN.safeTransfer(creator, bounty);
    }

    /// @notice Takes tokens of the caller, all of them or none.
    function _escrow(uint256 amount) private {
        if (amount == 0) return;
        uint256 before = TOKEN.balanceOf(address(this));
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = TOKEN.balanceOf(address(this)) - before;
        if (received != amount) revert ShortTransfer(amount, received);
    }
}

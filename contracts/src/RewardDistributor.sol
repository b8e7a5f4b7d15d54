// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IArenaToken} from "./interfaces/IArenaToken.sol";
import {IRewardDistributor} from "./interfaces/IRewardDistributor.sol";

/// @title Pays what the settled epochs say.
/// @notice Roots and their totals are cumulative: an account's leaf is all it ever earned, and a claim pays what of it
/// was not paid yet. Whatever a root says, claims never exceed its total, and emission never exceeds the schedule.
/// @dev Why an activation can't fail: all of its conditions are checked when the root is submitted, and none of them
/// can worsen until it is activated or disabled. No other root activates meanwhile, so `_activated`, `_minted` and the
/// token's supply (which this contract alone raises) stand still, while `_funded` can only grow.
contract RewardDistributor is IRewardDistributor, AccessControl, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Submits roots: the rewards service.
    bytes32 public constant SUBMITTER_ROLE = keccak256("SUBMITTER_ROLE");
    /// @notice Takes a wrong root back before it is active.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");
    /// @notice Epochs between two cuts of the emission.
    uint256 public constant DECAY_EPOCHS = 30;
    /// @notice Longest delay of an activation.
    uint64 public constant MAX_ACTIVATION_DELAY = 30 days;

    /// @notice The token that is paid out.
    IArenaToken public immutable TOKEN;
    /// @inheritdoc IRewardDistributor
    uint64 public immutable GENESIS;
    /// @inheritdoc IRewardDistributor
    uint64 public immutable EPOCH_LENGTH;
    /// @inheritdoc IRewardDistributor
    uint256 public immutable EMISSION;

    /// @inheritdoc IRewardDistributor
    uint64 public activationDelay;
    /// @dev One past the epoch that was submitted last.
    uint64 private _nextEpoch;
    /// @dev The epoch whose root is active, if any is.
    uint64 private _activeEpoch;
    /// @dev Whether the root of the epoch that was submitted last is pending.
    bool private _isPending;
    /// @dev Total of the active root: emission minted for it and funds spent on it.
    uint256 private _activated;
    /// @dev Emission minted so far.
    uint256 private _minted;
    /// @dev Tokens funded so far.
    uint256 private _funded;
    /// @dev Tokens paid so far.
    uint256 private _claimed;
    /// @dev Roots by epoch.
    mapping(uint64 epoch => Root) private _roots;
    /// @inheritdoc IRewardDistributor
    mapping(address account => uint256) public claimedBy;

    /// @notice Fixes the schedule for good.
    /// @param admin gives roles and sets the delay: a timelock
    /// @param token the token, which must name this contract as its distributor before the first root
    /// @param genesis unix second at which epoch 0 begins
    /// @param epochLength seconds in an epoch
    /// @param emission what each of the epochs 0 … 29 emits
    /// @param activationDelay_ seconds from the submission of a root until it counts
    constructor(
        address admin,
        IArenaToken token,
        uint64 genesis,
        uint64 epochLength,
        uint256 emission,
        uint64 activationDelay_
    ) {
        if (admin == address(0) || address(token) == address(0)) revert IArenaToken.ZeroAddress();
        if (epochLength == 0) revert BadSchedule();
        // Below the cap nothing overflows, and the loop of `emittedBy` ends within some six hundred steps.
        if (emission > token.CAP()) revert BadSchedule();
        (TOKEN, GENESIS, EPOCH_LENGTH, EMISSION) = (token, genesis, epochLength, emission);
        _setActivationDelay(activationDelay_);
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc IRewardDistributor
    function submitRoot(uint64 epoch, bytes32 root, uint256 total, bytes32 evidenceHash, string calldata uri)
        external
        onlyRole(SUBMITTER_ROLE)
    {
        _activateDue();
        if (_isPending) revert RootPending(_nextEpoch - 1);
        if (epoch < _nextEpoch) revert EpochNotNext(epoch, _nextEpoch - 1);
        uint256 endsAt = GENESIS + (uint256(epoch) + 1) * EPOCH_LENGTH;
        if (block.timestamp < endsAt) revert EpochNotOver(epoch, uint64(Math.min(endsAt, type(uint64).max)));
        if (root == bytes32(0)) revert EmptyRoot();
        if (total < _activated) revert TotalFell(total, _activated);
        _checkMint(epoch, _mintFor(total));

        uint64 activeAt = uint64(block.timestamp) + activationDelay;
        _nextEpoch = epoch + 1;
        _isPending = true;
        _roots[epoch] = Root(root, total, activeAt, RootStatus.Pending);
        emit RootSubmitted(epoch, root, total, evidenceHash, uri, activeAt);
    }

    /// @inheritdoc IRewardDistributor
    function disableRoot(uint64 epoch) external onlyRole(GUARDIAN_ROLE) {
        Root storage root = _roots[epoch];
        if (root.status == RootStatus.Active) revert AlreadyActive(epoch);
        if (root.status != RootStatus.Pending) revert NoPendingRoot(epoch);
        if (block.timestamp >= root.activeAt) revert AlreadyActive(epoch);
        root.status = RootStatus.Disabled;
        _isPending = false;
        emit RootDisabled(epoch, root.root);
    }

    /// @inheritdoc IRewardDistributor
    function activate() external {
        if (!_isPending) revert NoPendingRoot(_nextEpoch);
        if (!_activateDue()) revert NotYetActive(_roots[_nextEpoch - 1].activeAt);
    }

    /// @inheritdoc IRewardDistributor
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external returns (uint256 paid) {
        _activateDue();
        paid = _claim(account, cumulative, proof);
        if (paid == 0) revert NothingToClaim(account);
    }

    /// @inheritdoc IRewardDistributor
    function claimMany(address[] calldata accounts, uint256[] calldata cumulatives, bytes32[][] calldata proofs)
        external
    {
        if (accounts.length != cumulatives.length || accounts.length != proofs.length) revert LengthMismatch();
        _activateDue();
        for (uint256 i = 0; i < accounts.length; i++) {
            _claim(accounts[i], cumulatives[i], proofs[i]);
        }
    }

    /// @inheritdoc IRewardDistributor
    function fund(uint64 task, uint256 amount) external nonReentrant {
        IERC20 token = IERC20(address(TOKEN));
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert ShortTransfer(amount, received);
        _funded += amount;
        emit Funded(task, msg.sender, amount);
    }

    /// @inheritdoc IRewardDistributor
    function setActivationDelay(uint64 delay) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setActivationDelay(delay);
    }

    /// @inheritdoc IRewardDistributor
    function rootOf(uint64 epoch) external view returns (Root memory) {
        return _roots[epoch];
    }

    /// @inheritdoc IRewardDistributor
    function active() external view returns (uint64 epoch, bytes32 root, uint256 total) {
        Root storage last = _roots[_activeEpoch];
        if (last.status == RootStatus.Active) (epoch, root, total) = (_activeEpoch, last.root, last.total);
    }

    /// @inheritdoc IRewardDistributor
    function pending() external view returns (bool exists, uint64 epoch) {
        return _isPending ? (true, _nextEpoch - 1) : (false, 0);
    }

    /// @inheritdoc IRewardDistributor
    function totals() external view returns (uint256 activated, uint256 minted, uint256 funded, uint256 claimed) {
        return (_activated, _minted, _funded, _claimed);
    }

    /// @inheritdoc IRewardDistributor
    function emittedBy(uint64 epoch) public view returns (uint256 emitted) {
        uint256 left = uint256(epoch) + 1;
        uint256 rate = EMISSION;
        // The rate is below the cap and falls: all of it sums to less than 300 caps, far from an overflow.
        unchecked {
            for (; left > DECAY_EPOCHS && rate != 0; left -= DECAY_EPOCHS) {
                emitted += rate * DECAY_EPOCHS;
                rate = rate * 9 / 10;
            }
            emitted += rate * Math.min(left, DECAY_EPOCHS);
        }
    }

    /// @dev Makes the pending root count if its time has come.
    /// @return whether it did
    function _activateDue() private returns (bool) {
        if (!_isPending) return false;
        uint64 epoch = _nextEpoch - 1;
        Root storage root = _roots[epoch];
        if (block.timestamp < root.activeAt) return false;
        uint256 total = root.total;
        uint256 mint = _mintFor(total);
        _isPending = false;
        _activeEpoch = epoch;
        _activated = total;
        _minted += mint;
        root.status = RootStatus.Active;
        emit RootActivated(epoch, root.root, total, mint);
        if (mint != 0) TOKEN.mint(address(this), mint);
        return true;
    }

    /// @dev Pays what the active root grants an account beyond what it was paid.
    /// @param account whose claim
    /// @param cumulative all it ever earned, by its leaf
    /// @param proof of that leaf under the active root
    /// @return paid what it was paid now; 0 if nothing is due
    function _claim(address account, uint256 cumulative, bytes32[] calldata proof) private returns (uint256 paid) {
        uint256 before = claimedBy[account];
        if (cumulative <= before) return 0;
        Root storage root = _roots[_activeEpoch];
        // Hashed twice, so that no inner node (64 bytes hashed once) can pass for a leaf.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
        if (root.status != RootStatus.Active || !MerkleProof.verifyCalldata(proof, root.root, leaf)) {
            revert BadProof(account, cumulative);
        }
        paid = cumulative - before;
        if (paid > _activated - _claimed) revert TotalExceeded(paid, _activated - _claimed);
        claimedBy[account] = cumulative;
        _claimed += paid;
        emit Claimed(account, _activeEpoch, root.root, paid, cumulative);
        IERC20(address(TOKEN)).safeTransfer(account, paid);
    }

    /// @dev Reverts if emission may not be minted for an epoch: by the schedule, the cap, or the token's distributor.
    /// @param epoch the epoch
    /// @param mint what would be minted
    function _checkMint(uint64 epoch, uint256 mint) private view {
        uint256 allowed = emittedBy(epoch);
        // An earlier epoch was held to a smaller sum, so that this never underflows.
        if (mint > allowed - _minted) revert EmissionExceeded(Math.saturatingAdd(_minted, mint), allowed);
        uint256 left = TOKEN.CAP() - IERC20(address(TOKEN)).totalSupply();
        if (mint > left) revert IArenaToken.CapExceeded(mint, left);
        if (TOKEN.distributor() != address(this)) revert IArenaToken.NotDistributor(address(this));
    }

    /// @dev What must be minted so that a root can count: its increase, less funds not spent yet.
    /// @param total of the root
    /// @return the emission needed
    function _mintFor(uint256 total) private view returns (uint256) {
        uint256 increase = total - _activated;
        uint256 unspent = _funded + _minted - _activated;
        return increase - Math.min(increase, unspent);
    }

    /// @dev Roots that are pending keep the time they have.
    /// @param delay seconds from the submission of a root until it counts
    function _setActivationDelay(uint64 delay) private {
        if (delay > MAX_ACTIVATION_DELAY) revert DelayTooLong(delay, MAX_ACTIVATION_DELAY);
        activationDelay = delay;
        emit ActivationDelaySet(delay);
    }
}

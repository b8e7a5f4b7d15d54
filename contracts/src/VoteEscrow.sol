// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IVoteEscrow} from "./interfaces/IVoteEscrow.sol";

/// @title Locks tokens for gm tokens, which stake and vote.
/// @notice At every moment the gm supply equals the gm of all open locks, and an account's votes come from its locks
/// alone, so they stay with it while its gm tokens are staked. The gm of an account is in two places only: with the
/// account, or held for it by a contract that was registered when it took them.
/// @dev Votes count without a transaction to delegate them: an account that chose no delegate is its own.
contract VoteEscrow is IVoteEscrow, ERC20, Votes, Ownable, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev What an account has locked, and the ends of its list of open locks.
    struct Account {
        uint128 locked;
        uint128 gm;
        uint64 oldest;
        uint64 newest;
        uint8 open;
    }

    /// @notice Most open locks of one account, so that a slash never walks further.
    uint8 public constant MAX_LOCKS = 64;
    /// @notice Longest term in periods. It earns no more than 365 do: the bound catches slips of the pen.
    uint256 public constant MAX_PERIODS = 4 * 365;
    /// @inheritdoc IVoteEscrow
    uint256 public immutable PERIOD;
    /// @notice The token that is locked.
    IERC20 public immutable TOKEN;

    /// @inheritdoc IVoteEscrow
    uint256 public minimumLock;
    /// @inheritdoc IVoteEscrow
    mapping(address account => bool) public isRegistered;
    /// @inheritdoc IVoteEscrow
    mapping(address holder => mapping(address account => uint256 gm)) public heldFor;
    /// @dev The id that was given last; ids begin at 1, so that 0 ends a list.
    uint64 private _lastId;
    /// @dev Open locks by id.
    mapping(uint64 id => Lock) private _locks;
    /// @dev Totals and lists by owner.
    mapping(address owner => Account) private _accounts;

    /// @notice Starts without locks.
    /// @param admin who registers contracts and sets the minimum: a timelock
    /// @param token the token to lock; one that takes a fee on transfers is refused at the first lock
    /// @param period seconds in a unit of a term: a day, shorter on development chains
    /// @param minimumLock_ smallest amount of a lock
    constructor(address admin, IERC20 token, uint256 period, uint256 minimumLock_)
        ERC20("Arena gm", "gmARENA")
        EIP712("Arena gm", "1")
        Ownable(admin)
    {
        if (period == 0) revert AmountTooSmall(period, 1);
        (TOKEN, PERIOD) = (token, period);
        _setMinimumLock(minimumLock_);
    }

    /// @inheritdoc IVoteEscrow
    function lock(uint128 amount, uint32 periods) external nonReentrant returns (uint64 id) {
        if (amount < minimumLock) revert AmountTooSmall(amount, minimumLock);
        if (periods > MAX_PERIODS) revert TermTooLong(periods, MAX_PERIODS);
        Account storage account = _accounts[msg.sender];
        if (account.open == MAX_LOCKS) revert TooManyLocks(msg.sender);

        uint256 before = TOKEN.balanceOf(address(this));
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = TOKEN.balanceOf(address(this)) - before;
        if (received != amount) revert ShortTransfer(amount, received);

        uint128 gm = gmFor(amount, periods).toUint128();
        uint64 endsAt = (block.timestamp + periods * PERIOD).toUint64();
        uint64 newest = account.newest;
        id = ++_lastId;
        _locks[id] = Lock(msg.sender, amount, gm, endsAt, newest, 0);
        if (newest == 0) account.oldest = id;
        else _locks[newest].next = id;
        account.newest = id;
        account.open++;
        account.locked += amount;
        account.gm += gm;
        emit LockChanged(
            msg.sender, id, int256(uint256(amount)), account.locked, int256(uint256(gm)), account.gm, endsAt
        );
        _mint(msg.sender, gm);
        _transferVotingUnits(address(0), msg.sender, gm);
    }

    /// @inheritdoc IVoteEscrow
    function unlock(uint64 id) external nonReentrant {
        Lock storage held = _locks[id];
        if (held.owner != msg.sender) revert NotYourLock(id);
        if (block.timestamp < held.endsAt) revert StillLocked(id, held.endsAt);
        (uint128 amount, uint128 gm) = (held.amount, held.gm);
        uint256 free = balanceOf(msg.sender);
        if (free < gm) revert GmInUse(msg.sender, free, gm);
        _cut(id, amount, gm);
        _burn(msg.sender, gm);
        _transferVotingUnits(msg.sender, address(0), gm);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IVoteEscrow
    function slash(address account, uint256 gm) external nonReentrant returns (uint256 released) {
        if (!isRegistered[msg.sender]) revert NotRegistered(msg.sender);
        uint256 holds = heldFor[msg.sender][account];
        if (holds < gm) revert NotEnoughLocked(account, gm);
        heldFor[msg.sender][account] = holds - gm;
        uint256 left = gm;
        for (uint64 id = _accounts[account].oldest; left != 0;) {
            if (id == 0) revert NotEnoughLocked(account, gm);
            Lock storage oldest = _locks[id];
            (uint64 next, uint256 amount, uint256 gmOfLock) = (oldest.next, oldest.amount, oldest.gm);
            uint256 gmCut = Math.min(left, gmOfLock);
            // A lock that keeps gm keeps at least a wei: the floor is below `amount`. One that does not, keeps nothing.
            uint256 tokens = amount * gmCut / gmOfLock;
            _cut(id, tokens.toUint128(), gmCut.toUint128());
            released += tokens;
            left -= gmCut;
            id = next;
        }
        _burn(msg.sender, gm);
        _transferVotingUnits(account, address(0), gm);
        TOKEN.safeTransfer(msg.sender, released);
    }

    /// @inheritdoc IVoteEscrow
    function setRegistered(address account, bool registered_) external onlyOwner {
        isRegistered[account] = registered_;
        emit ContractRegistered(account, registered_);
    }

    /// @inheritdoc IVoteEscrow
    function setMinimumLock(uint256 amount) external onlyOwner {
        _setMinimumLock(amount);
    }

    /// @inheritdoc IVoteEscrow
    function lockOf(uint64 id) external view returns (Lock memory) {
        return _locks[id];
    }

    /// @inheritdoc IVoteEscrow
    function locksOf(address account) external view returns (uint8 open, uint64 oldest, uint64 newest) {
        Account storage held = _accounts[account];
        return (held.open, held.oldest, held.newest);
    }

    /// @inheritdoc IVoteEscrow
    function lockedOf(address account) external view returns (uint256 tokens, uint256 gm) {
        Account storage held = _accounts[account];
        return (held.locked, held.gm);
    }

    /// @inheritdoc IVoteEscrow
    function gmFor(uint256 amount, uint256 periods) public pure returns (uint256) {
        if (periods <= 30) return amount;
        return amount + amount * 219 * (Math.min(periods, 365) - 30) / 36500;
    }

    /// @notice The delegate of an account's votes: itself, unless it chose another.
    /// @param account whose votes
    /// @return who votes with them
    function delegates(address account) public view override returns (address) {
        address chosen = super.delegates(account);
        return chosen == address(0) ? account : chosen;
    }

    /// @notice The clock of votes (ERC-6372): unix seconds.
    /// @return the time of this block
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice The kind of the clock, machine-readable (ERC-6372).
    /// @return always `mode=timestamp`
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev Delegating to nobody means to oneself again, else the votes would leave an account that is its own delegate.
    /// @param account whose votes
    /// @param delegatee who votes with them from now on; zero for the account itself
    function _delegate(address account, address delegatee) internal override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    /// @dev A registered contract takes gm tokens by its own call, and whoever took them gives them back to their owner,
    /// registered or not any more. All else is refused: so no gm tokens are sent where nothing returns them.
    /// @param from who had them; zero when minted
    /// @param to who gets them; zero when burned
    /// @param value how many
    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0) && to != address(0)) {
            if (msg.sender == to && isRegistered[to]) heldFor[to][from] += value;
            else if (msg.sender == from && heldFor[from][to] >= value) heldFor[from][to] -= value;
            else revert NotTransferable(from, to);
        }
        super._update(from, to, value);
    }

    /// @dev Takes tokens and gm off a lock, which leaves the list once it has no gm; totals follow, transfers do not.
    /// @param id the lock
    /// @param amount tokens to take
    /// @param gm gm to take
    function _cut(uint64 id, uint128 amount, uint128 gm) private {
        Lock storage open = _locks[id];
        (address owner_, uint64 endsAt) = (open.owner, open.endsAt);
        Account storage account = _accounts[owner_];
        account.locked -= amount;
        account.gm -= gm;
        if (gm == open.gm) {
            (uint64 previous, uint64 next) = (open.previous, open.next);
            if (previous == 0) account.oldest = next;
            else _locks[previous].next = next;
            if (next == 0) account.newest = previous;
            else _locks[next].previous = previous;
            account.open--;
            delete _locks[id];
        } else {
            open.amount -= amount;
            open.gm -= gm;
        }
        emit LockChanged(owner_, id, -int256(uint256(amount)), account.locked, -int256(uint256(gm)), account.gm, endsAt);
    }

    /// @dev A minimum of nothing would let empty locks fill a list.
    /// @param amount smallest amount of a lock
    function _setMinimumLock(uint256 amount) private {
        if (amount == 0) revert AmountTooSmall(0, 1);
        minimumLock = amount;
        emit MinimumLockSet(amount);
    }

    /// @dev The votes of an account are the gm of its open locks, wherever its gm tokens are.
    /// @param account whose votes
    /// @return how many
    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _accounts[account].gm;
    }
}
